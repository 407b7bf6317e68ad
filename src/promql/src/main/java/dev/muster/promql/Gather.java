package dev.muster.promql;

import java.io.IOException;

/// Takes the series of an instant vector in lanes, which different threads fill at the same time,
/// and makes one of them.
///
/// A lane gets series that follow each other, in their order, from one thread. Lanes that are full
/// are merged with their neighbours; which ones depends on the number of series alone, so that the
/// same query makes the same sums every time.
///
/// @param <L> what a lane holds
interface Gather<L> {
    /// An empty lane. Called by any thread.
    L open();

    /// What takes the series of a lane; asked for once, by the thread that fills it.
    SeriesSink sink(L lane);

    /// Puts a lane behind another, whose series come before its own. It is not used again.
    void merge(L into, L next) throws QueryException;

    /// Is a lane to be delivered, in order and as soon as it can be, instead of merged? Then lanes
    /// are small, and only few wait for delivery.
    default boolean delivers() {
        return false;
    }

    /// Takes a full lane after all before it. One call at a time, by any thread.
    default void deliver(L lane) throws QueryException, IOException {
        throw new IllegalStateException("this gather merges its lanes");
    }

    /// What takes all series in order where one thread does everything, so that lanes need not be
    /// kept until they are delivered.
    default SeriesSink direct() {
        throw new IllegalStateException("this gather merges its lanes");
    }

    /// Another operator in front of this.
    default Gather<L> after(Stage stage) {
        return new Staged<>(this, stage);
    }

    /// An operator that takes one series at a time.
    @FunctionalInterface
    interface Stage {
        /// The operator in front of `next`, for one lane: with scratch space of its own.
        SeriesSink before(SeriesSink next);
    }

    /// A gather behind a stage.
    record Staged<L>(Gather<L> gather, Stage stage) implements Gather<L> {
        @Override
        public L open() {
            return gather.open();
        }

        @Override
        public SeriesSink sink(L lane) {
            return stage.before(gather.sink(lane));
        }

        @Override
        public void merge(L into, L next) throws QueryException {
            gather.merge(into, next);
        }

        @Override
        public boolean delivers() {
            return gather.delivers();
        }

        @Override
        public SeriesSink direct() {
            return stage.before(gather.direct());
        }

        @Override
        public void deliver(L lane) throws QueryException, IOException {
            gather.deliver(lane);
        }
    }
}

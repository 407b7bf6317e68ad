package dev.muster.blocks.schema;

/// Where the samples of one series are in the files of its block, and since when they count.
///
/// @param rowStart first row in the samples file
/// @param rowCount how many rows there
/// @param histRowStart first row in the file of histograms; 0 where there is none
/// @param histRowCount how many rows there
/// @param minMs time of the first sample
/// @param maxMs time of the last sample
/// @param startMs since when all samples but staleness markers count; 0 where that is not known or
///   changes
/// @param startChanges how often the start time differs from that of the sample before; -1 where no
///   sample has one
public record SeriesSpan(
        long rowStart,
        int rowCount,
        long histRowStart,
        int histRowCount,
        long minMs,
        long maxMs,
        long startMs,
        int startChanges) {
    public SeriesSpan {
        if (rowStart < 0
                || rowCount < 0
                || histRowStart < 0
                || histRowCount < 0
                || startChanges < -1
                || (startChanges != 0 && startMs != 0)) {
            throw new IllegalArgumentException(
                    "series span: must lie in its files: rows=%d+%d, histRows=%d+%d, startMs=%d, startChanges=%d"
                            .formatted(
                                    rowStart,
                                    rowCount,
                                    histRowStart,
                                    histRowCount,
                                    startMs,
                                    startChanges));
        }
    }

    /// Row after the last in the samples file.
    public long rowEnd() {
        return rowStart + rowCount;
    }

    /// Row after the last in the file of histograms.
    public long histRowEnd() {
        return histRowStart + histRowCount;
    }

    /// Must the start times be read sample by sample?
    public boolean hasStartColumn() {
        return startChanges > 0;
    }
}

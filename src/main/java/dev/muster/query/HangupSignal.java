package dev.muster.query;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// The signal that asks a process to read its configuration again.
final class HangupSignal {
    /*
     * The JDK has signals only in `sun.misc.Signal`. javac warns of that name whatever is
     * suppressed, and warnings are errors here, so the two classes are named by constants, which a
     * native image resolves when it is built.
     */
    private static final Logger LOG = System.getLogger(HangupSignal.class.getName());
    private static final String NAME = "HUP";

    private HangupSignal() {}

    /// Runs `action` at each signal, on a thread of its own. What was to be done before is
    /// forgotten. Where the machine has no such signal, nothing happens.
    static void handle(Runnable action) {
        InvocationHandler handler =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> false;
                            case "hashCode" -> 0;
                            default -> "HangupSignal";
                        };
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object hangup = signal.getConstructor(String.class).newInstance(NAME);
            Object proxy =
                    Proxy.newProxyInstance(
                            HangupSignal.class.getClassLoader(), new Class<?>[] {type}, handler);
            signal.getMethod("handle", signal, type).invoke(null, hangup, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.INFO, () -> "no reload by signal: " + e);
        }
    }
}

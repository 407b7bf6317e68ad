package dev.muster.promql;

import java.util.function.DoubleUnaryOperator;

/// The functions of one number.
final class MathFunctions {
    private static final double LN_2 = Math.log(2);

    private MathFunctions() {}

    static DoubleUnaryOperator of(Function function) {
        return switch (function) {
            case ABS -> Math::abs;
            case CEIL -> Math::ceil;
            case FLOOR -> Math::floor;
            case EXP -> Math::exp;
            case SQRT -> Math::sqrt;
            case LN -> Math::log;
            case LOG2 -> MathFunctions::log2;
            case LOG10 -> Math::log10;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TAN -> Math::tan;
            case ASIN -> Math::asin;
            case ACOS -> Math::acos;
            case ATAN -> Math::atan;
            case SINH -> Math::sinh;
            case COSH -> Math::cosh;
            case TANH -> Math::tanh;
            case ASINH -> MathFunctions::asinh;
            case ACOSH -> MathFunctions::acosh;
            case ATANH -> x -> 0.5 * Math.log1p(2 * x / (1 - x));
            case RAD -> x -> x * Math.PI / 180;
            case DEG -> x -> x * 180 / Math.PI;
            case SGN -> x -> x < 0 ? -1 : x > 0 ? 1 : x;
            default ->
                    throw new IllegalStateException(
                            "function must be known to the evaluator: function=" + function.text());
        };
    }

    /// Exact for powers of two.
    private static double log2(double x) {
        if (x > 0 && x <= Double.MAX_VALUE && x >= Double.MIN_NORMAL) {
            int exponent = Math.getExponent(x);
            double fraction = Math.scalb(x, -exponent);
            return exponent + Math.log(fraction) / LN_2;
        }
        return Math.log(x) / LN_2;
    }

    private static double asinh(double x) {
        if (x == 0 || Double.isInfinite(x)) {
            return x;
        }
        double a = Math.abs(x);
        double value =
                a > 0x1p28
                        ? Math.log(a) + LN_2
                        : Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
        return Math.copySign(value, x);
    }

    private static double acosh(double x) {
        if (x > 0x1p28) {
            return Math.log(x) + LN_2;
        }
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }
}

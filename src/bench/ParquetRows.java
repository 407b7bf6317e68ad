import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Prints the number of rows of a Parquet file, read from its footer: field 3 of the `FileMetaData` struct in Thrift's compact protocol. A
/// script of its own, so that a size can be checked without any of the code that wrote the file.
final class ParquetRows {
    private static final int TRAILER_BYTES = 8;

    public static void main(String[] arguments) throws IOException {
        try (var file = new RandomAccessFile(arguments[0], "r")) {
            var trailer = new byte[TRAILER_BYTES];
            file.seek(file.length() - TRAILER_BYTES);
            file.readFully(trailer);
            var length = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
            var footer = new byte[length];
            file.seek(file.length() - TRAILER_BYTES - length);
            file.readFully(footer);
            System.out.println(rows(ByteBuffer.wrap(footer)));
        }
    }

    private static long rows(ByteBuffer footer) throws IOException {
        var field = 0;
        while (true) {
            var header = footer.get() & 0xff;
            var type = header & 0x0f;
            if (type == 0) {
                throw new IOException("footer must hold a number of rows");
            }
            field += header >> 4;
            if (field == 3) {
                return zigzag(footer);
            }
            skip(footer, type);
        }
    }

    private static void skip(ByteBuffer in, int type) throws IOException {
        switch (type) {
            case 1, 2 -> {}
            case 3 -> in.get();
            case 4, 5, 6 -> varint(in);
            case 7 -> in.position(in.position() + 8);
            case 8 -> skipBytes(in, varint(in));
            case 9, 10 -> skipList(in);
            case 12 -> skipStruct(in);
            default -> throw new IOException("type of a field must be known: found=" + type);
        }
    }

    private static void skipBytes(ByteBuffer in, long count) {
        in.position(Math.toIntExact(in.position() + count));
    }

    private static void skipList(ByteBuffer in) throws IOException {
        var header = in.get() & 0xff;
        var size = header >> 4 == 15 ? varint(in) : header >> 4;
        for (var index = 0L; index < size; index++) {
            if ((header & 0x0f) <= 2) {
                in.get();
            } else {
                skip(in, header & 0x0f);
            }
        }
    }

    private static void skipStruct(ByteBuffer in) throws IOException {
        while (true) {
            var header = in.get() & 0xff;
            if (header == 0) {
                return;
            }
            if (header >> 4 == 0) {
                varint(in);
            }
            skip(in, header & 0x0f);
        }
    }

    private static long zigzag(ByteBuffer in) {
        var raw = varint(in);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private static long varint(ByteBuffer in) {
        var value = 0L;
        for (var shift = 0; ; shift += 7) {
            var next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}

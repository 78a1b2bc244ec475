using System.IO.Compression;
using TrafficDispatch.Flow.Dimacs;

namespace TrafficDispatch.Flow;

/// <summary>Reads minimum-cost flow networks in the DIMACS format.</summary>
/// <remarks>
/// <para>Lines: <c>c</c> comment; <c>p min NODES ARCS</c> once, before the rest; <c>n ID FLOW</c> at most once a node (others
/// supply 0); <c>a TAIL HEAD LOW CAP COST</c>, as many as declared. Nodes count from 1. Fields are separated by blanks or
/// tabs; blank lines, a carriage return at a line's end and a byte order mark are tolerated, and node lines may follow
/// arc lines. (First DIMACS challenge, "The format of the minimum cost flow problem", 1991.)</para>
/// <para>Two extensions, both needed to write every <see cref="FlowNetwork"/> and read it back: LOW may be negative, and a CAP
/// of 9223372036854775807 means no bound. A negative CAP is not "no bound"; it is a fault like any CAP below LOW.</para>
/// <para>Faults are results, never exceptions; several are reported together. Thread safe. One pass, O(file) time; memory
/// grows with the arcs that arrive, not with the header.</para>
/// </remarks>
public static class DimacsReader
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Reads a file, compressed by gzip or not (told by its first two bytes).</summary>
    /// <param name="path">The file. One that cannot be opened is a fault of the result.</param>
    /// <param name="limits">Sizes to refuse; <see cref="DimacsLimits.Default"/> when null.</param>
    /// <param name="cancellation">Throws <see cref="OperationCanceledException"/> between blocks of 1 MiB.</param>
    public static DimacsReadResult ReadFile(string path, DimacsLimits? limits = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            bool zipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            if (!zipped) return Read(file, Path.GetFileName(path), limits, cancellation);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            return Read(unzipped, Path.GetFileName(path), limits, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new DimacsReadResult(null, [new DimacsFault(Path.GetFileName(path), 0, 0, "file", path, $"cannot be read: {Why(e)}")]);
        }
    }

    /// <summary>Reads plain text from a stream, which stays open.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="source">What faults call it.</param>
    /// <param name="limits">Sizes to refuse; <see cref="DimacsLimits.Default"/> when null.</param>
    /// <param name="cancellation">Throws <see cref="OperationCanceledException"/> between blocks of 1 MiB.</param>
    public static DimacsReadResult Read(Stream stream, string source, DimacsLimits? limits = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(source);
        var parser = new DimacsParser(source, limits ?? DimacsLimits.Default);
        try
        {
            TakeLines(stream, parser, cancellation);
        }
        catch (InvalidDataException e)
        {
            parser.Reject("archive", "gzip", $"is damaged after this line: {e.Message}");
        }

        return parser.Finish();
    }

    private static string Why(Exception e) => e switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        _ => e.Message,
    };

    private static void TakeLines(Stream stream, DimacsParser parser, CancellationToken cancellation)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        int kept = 0;
        while (!parser.Stopped)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = stream.Read(buffer, kept, buffer.Length - kept);
            ReadOnlySpan<byte> text = buffer.AsSpan(0, kept + read);
            if (read > 0) text = TakeWholeLines(text, parser);
            if (read == 0 || text.Length == buffer.Length)
            {
                if (read > 0) parser.RejectEndless(text, BufferBytes);
                else if (!text.IsEmpty) parser.Take(text);
                return;
            }

            text.CopyTo(buffer);
            kept = text.Length;
        }
    }

    private static ReadOnlySpan<byte> TakeWholeLines(ReadOnlySpan<byte> text, DimacsParser parser)
    {
        for (int end = text.IndexOf((byte)'\n'); end >= 0 && !parser.Stopped; end = text.IndexOf((byte)'\n'))
        {
            parser.Take(text[..end]);
            text = text[(end + 1)..];
        }

        return text;
    }
}

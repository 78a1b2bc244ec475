using System.Globalization;

namespace TrafficDispatch.Service.Control;

/// <summary>
/// The audit on this machine's disk, <c>audit.jsonl</c>: lines are added and forced to disk, never changed. A file that is full becomes
/// <c>audit.1.jsonl</c>, and so on. Thread-safe.
/// </summary>
/// <param name="folder">Full path.</param>
/// <param name="mostBytes">From how many bytes on another file is begun.</param>
internal sealed class AuditFile(string folder, long mostBytes)
{
    /// <summary>How many files stay.</summary>
    public const int Kept = 5;

    private const UnixFileMode OwnerWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private readonly Lock _gate = new();

    /// <summary>Path of the file that is written.</summary>
    public string Path => PathOf(0);

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerWrites;
            using FileStream file = new(Path, options);
            long end = file.Seek(0, SeekOrigin.End);
            try
            {
                // A crash in the middle of a line must not spoil the next one.
                if (end > 0 && !EndsLine(file, end)) file.WriteByte((byte)'\n');
                file.Write(line);
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Half a line of a change that is not made, and room for the next where the disk was full.
                file.SetLength(end);
                throw;
            }
            if (file.Length >= mostBytes) Rotate();
        }
    }

    /// <summary>The latest lines, newest first.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Latest()
    {
        for (int number = 0; number < Kept; number++)
        {
            byte[] bytes;
            lock (_gate)
            {
                if (!File.Exists(PathOf(number))) yield break;
                bytes = File.ReadAllBytes(PathOf(number));
            }
            int end = bytes.Length;
            while (end > 0)
            {
                int start = bytes.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
                yield return bytes.AsMemory(start, end - start);
                end = start;
            }
        }
    }

    private static bool EndsLine(FileStream file, long end)
    {
        file.Seek(end - 1, SeekOrigin.Begin);
        return file.ReadByte() == '\n';
    }

    private void Rotate()
    {
        for (int number = Kept - 1; number > 0; number--)
            if (File.Exists(PathOf(number - 1))) File.Move(PathOf(number - 1), PathOf(number), overwrite: true);
    }

    private string PathOf(int number) =>
        System.IO.Path.Combine(folder, number == 0 ? "audit.jsonl" : string.Create(CultureInfo.InvariantCulture, $"audit.{number}.jsonl"));
}

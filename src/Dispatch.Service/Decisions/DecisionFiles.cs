using System.Globalization;

namespace TrafficDispatch.Service.Decisions;

/// <summary>
/// <c>decisions.jsonl</c> and those before it, <c>decisions.1.jsonl</c> and so on: lines are added and never changed, a file that is full makes room for the next, and
/// the oldest goes. For one thread at a time.
/// </summary>
/// <param name="folder">Full path.</param>
/// <param name="mostBytes">From how many bytes on another file is begun; one write may go beyond it.</param>
/// <param name="kept">How many files stay.</param>
internal sealed class DecisionFiles(string folder, long mostBytes, int kept)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Path of the file that is written.</summary>
    public string Path => PathOf(0);

    /// <summary>Adds whole lines.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        long length;
        using (FileStream file = new(Path, options))
        {
            long end = file.Seek(0, SeekOrigin.End);
            try
            {
                file.Write(lines);
                file.Flush();
            }
            catch (IOException)
            {
                // Half a line where the disk is full would spoil the next one.
                file.SetLength(end);
                throw;
            }
            length = file.Length;
        }
        if (length >= mostBytes) Rotate();
    }

    private void Rotate()
    {
        if (kept == 1) File.Delete(PathOf(0));
        for (int number = kept - 1; number > 0; number--)
            if (File.Exists(PathOf(number - 1))) File.Move(PathOf(number - 1), PathOf(number), overwrite: true);
    }

    private string PathOf(int number) =>
        System.IO.Path.Combine(folder, number == 0 ? "decisions.jsonl" : string.Create(CultureInfo.InvariantCulture, $"decisions.{number}.jsonl"));
}

using System.Collections.Immutable;
using System.Security.Cryptography;

namespace TrafficDispatch.Service.Access;

/// <summary>Reads what a file says.</summary>
/// <param name="text">The file's bytes.</param>
/// <param name="faults">What is wrong, a line each, without any secret.</param>
/// <returns>What it says; only used where there is no fault.</returns>
internal delegate T FileReading<out T>(byte[] text, out ImmutableArray<string> faults);

/// <summary>A file that is looked at again and again.</summary>
internal interface IWatchedFile
{
    /// <summary>Its path.</summary>
    string Path { get; }

    /// <summary>Looks whether it changed.</summary>
    /// <returns>What there is to tell: that it was read anew, or why it cannot be; null where nothing changed.</returns>
    FileNews? Look();
}

/// <summary>What became of a file that changed.</summary>
/// <param name="Faults">Why what was read before stays; empty where the file was read anew.</param>
internal sealed record FileNews(ImmutableArray<string> Faults);

/// <summary>
/// What a small file says, read again when its content changes: the content and not its date, for a date may be the same and a link may lead
/// elsewhere. One that cannot be read keeps what was read before. Reading is lock-free; looks never overlap.
/// </summary>
internal sealed class WatchedFile<T> : IWatchedFile
    where T : class
{
    private const int MostBytes = 1 << 20;

    private readonly FileReading<T> _read;
    private readonly Lock _gate = new();
    private byte[] _seen = [];
    private T _current;

    private WatchedFile(string path, FileReading<T> read, T initial) => (Path, _read, _current) = (path, read, initial);

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>What it said when it could be read last.</summary>
    public T Current => Volatile.Read(ref _current);

    /// <summary>Reads a file for the first time.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="read">How it is read.</param>
    /// <param name="initial">What holds until it can be read.</param>
    /// <param name="faults">Why it cannot be; empty otherwise.</param>
    public static WatchedFile<T> Open(string path, FileReading<T> read, T initial, out ImmutableArray<string> faults)
    {
        WatchedFile<T> file = new(path, read, initial);
        faults = file.Look()?.Faults ?? [];
        return file;
    }

    /// <inheritdoc/>
    public FileNews? Look()
    {
        lock (_gate)
        {
            byte[]? text = Load(out string fault);
            byte[] hash = SHA256.HashData(text ?? System.Text.Encoding.UTF8.GetBytes(fault));
            if (hash.AsSpan().SequenceEqual(_seen)) return null;
            _seen = hash;
            if (text is null) return new([fault]);
            T said = _read(text, out ImmutableArray<string> faults);
            if (faults.IsEmpty) Volatile.Write(ref _current, said);
            return new(faults);
        }
    }

    private byte[]? Load(out string fault)
    {
        fault = "";
        try
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
            {
                fault = $"must have at most {MostBytes} bytes";
                return null;
            }
            byte[] text = new byte[file.Length];
            file.ReadExactly(text);
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"must be a file that can be read: {e.Message}";
            return null;
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Service.State;

/// <summary>The folder of one process: made where it is missing and locked for as long as the process lives.</summary>
/// <remarks>The lock is the operating system's, so a process that dies leaves none behind.</remarks>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Takes the folder.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="folder">The folder; null where it cannot be had.</param>
    /// <param name="fault">Why not, and what to do; empty otherwise.</param>
    public static bool TryTake(string path, [NotNullWhen(true)] out StateFolder? folder, out string fault)
    {
        (folder, fault) = (null, "");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"State:Path is '{path}': the folder cannot be made: {e.Message}";
            return false;
        }
        string file = System.IO.Path.Combine(path, "lock");
        try
        {
            folder = new(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (UnauthorizedAccessException e)
        {
            fault = $"State:Path is '{path}': it must be writable: {e.Message}";
        }
        catch (IOException e)
        {
            fault = $"State:Path is '{path}': another process holds it ({e.Message}). Stop that process or give this one a State:Path of its own.";
        }
        return false;
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _lock.Dispose();
}

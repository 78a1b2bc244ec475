namespace TrafficDispatch.State.Files;

/// <summary>
/// The folder that file stores share: files that are there wholly or not at all, and one change at a time over all processes. Thread-safe.
/// </summary>
internal sealed class StateFiles
{
    private const string Unfinished = ".part";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes a folder; it is made where it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made.</exception>
    public StateFiles(string folder)
    {
        Folder = folder;
        Try(() => Directory.CreateDirectory(folder));
    }

    /// <summary>Full path.</summary>
    public string Folder { get; }

    /// <summary>Path of a file.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a change while nobody else changes anything, in this process or another.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses, or another process holds the folder for long.</exception>
    public async Task<T> AloneAsync<T>(Func<T> change, CancellationToken cancellation)
    {
        FileStream gate = await TakeGateAsync(cancellation).ConfigureAwait(false);
        await using (gate.ConfigureAwait(false)) return Try(change);
    }

    /// <summary>A file's bytes; null where it is not there.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses.</exception>
    public byte[]? Read(string name) => Try(() =>
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    });

    /// <summary>Replaces a file: written beside, forced to disk, renamed.</summary>
    /// <exception cref="IOException">The disk is full or refuses; what was there stays.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        string final = PathOf(name), part = final + Unfinished;
        using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, final, overwrite: true);
        FolderFlush.Flush(Folder);
    }

    /// <summary>Runs something on the disk.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses.</exception>
    public static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What .NET says of a full disk depends on the system; the code below it does not.
            bool isFull = e is IOException { HResult: 28 or unchecked((int)0x80070070) };
            StoreTrouble trouble = isFull ? StoreTrouble.Full : e is UnauthorizedAccessException ? StoreTrouble.Denied : StoreTrouble.Failed;
            throw new StoreUnavailableException(trouble, $"The state folder cannot be used: {e.Message}", e);
        }
    }

    private async Task<FileStream> TakeGateAsync(CancellationToken cancellation)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(PathOf("gate"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
            {
                StoreTrouble trouble = e is UnauthorizedAccessException ? StoreTrouble.Denied : StoreTrouble.Failed;
                throw new StoreUnavailableException(trouble, $"The state folder cannot be used: {e.Message}", e);
            }
            catch (IOException e) when (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new StoreUnavailableException(StoreTrouble.TimedOut, $"Another process holds '{PathOf("gate")}' for longer than {Patience.TotalSeconds:0} s: {e.Message}", e);
            }
            catch (IOException)
            {
                // The gate is the operating system's, so there is nothing to wait on; it is held for milliseconds.
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
    }
}

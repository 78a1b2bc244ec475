using System.Runtime.InteropServices;

namespace TrafficDispatch.State.Files;

/// <summary>Forces a folder's entries to disk, without which a power cut may undo a rename; .NET has no call for it.</summary>
internal static partial class FolderFlush
{
    /// <summary>Forces the entries to disk on Linux and macOS; elsewhere the file system keeps its own order.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        int descriptor = Open(folder, 0);
        if (descriptor < 0) throw new IOException($"'{folder}' cannot be opened to force it to disk (error {Marshal.GetLastPInvokeError()}).");
        int error = Sync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error != 0) throw new IOException($"'{folder}' cannot be forced to disk (error {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

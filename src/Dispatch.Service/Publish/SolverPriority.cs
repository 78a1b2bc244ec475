using System.Runtime.InteropServices;

namespace TrafficDispatch.Service.Publish;

/// <summary>Puts the calling thread below the threads that serve.</summary>
internal static partial class SolverPriority
{
    // On Linux "process 0" means the calling thread (setpriority(2), "C library/kernel differences"); .NET's own thread priority is ignored there.
    private const int Process = 0, Niceness = 10;

    /// <summary>Lowers the priority for the rest of the thread's life.</summary>
    /// <param name="error">The system's error number where it refused.</param>
    public static bool Lower(out int error)
    {
        error = 0;
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (!OperatingSystem.IsLinux() || SetPriority(Process, 0, Niceness) == 0) return true;
        error = Marshal.GetLastPInvokeError();
        return false;
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int priority);
}

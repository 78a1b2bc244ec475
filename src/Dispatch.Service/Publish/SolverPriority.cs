using System.Runtime.InteropServices;

namespace TrafficDispatch.Service.Publish;

/// <summary>Puts the calling thread below the threads that serve.</summary>
internal static partial class SolverPriority
{
    // On Linux "process 0" means the calling thread (setpriority(2), "C library/kernel differences"); .NET's own thread priority is ignored there.
    private const int Process = 0;

    /// <summary>Below serving: what makes tables.</summary>
    public const int Solves = 10;

    /// <summary>Below what makes tables: what only planners wait for.</summary>
    public const int Plans = 16;

    /// <summary>Lowers the priority for the rest of the thread's life, and of threads that it makes.</summary>
    /// <param name="error">The system's error number where it refused.</param>
    /// <param name="niceness">How far, as Linux counts, 1 to 19; each step takes about a fifth of the share of a busy processor.</param>
    public static bool Lower(out int error, int niceness = Solves)
    {
        error = 0;
        Thread.CurrentThread.Priority = niceness > Solves ? ThreadPriority.Lowest : ThreadPriority.BelowNormal;
        if (!OperatingSystem.IsLinux() || SetPriority(Process, 0, niceness) == 0) return true;
        error = Marshal.GetLastPInvokeError();
        return false;
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int priority);
}

using System.Globalization;

namespace TrafficDispatch.Flow;

/// <summary>How far the process grows above where it stands: resident memory, managed and native, as the operating system counts it.</summary>
/// <remarks>Linux only: the kernel keeps the highest resident size since the mark was reset (<c>VmHWM</c> in <c>/proc/self/status</c>, reset
/// through <c>/proc/self/clear_refs</c>; see proc(5)). Counts the whole process, so nothing else should run meanwhile.</remarks>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs";

    /// <summary>Gives free memory back, so that none of it can be used unseen, and resets the mark.</summary>
    /// <returns>Resident bytes now; null where the system does not keep the mark.</returns>
    public static long? Mark()
    {
        if (!OperatingSystem.IsLinux()) return null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            File.WriteAllText(Reset, "5");
            return Read("VmRSS:");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // no proc file system here, or a sandbox that forbids the reset
        }
    }

    /// <summary>The highest resident size since the mark, above it.</summary>
    public static long? Above(long? mark)
    {
        if (mark is not { } before) return null;
        return Read("VmHWM:") is { } highest ? Math.Max(0, highest - before) : null;
    }

    private static long? Read(string field)
    {
        foreach (string line in File.ReadLines(Status))
        {
            if (!line.StartsWith(field, StringComparison.Ordinal)) continue;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries); // "VmHWM:  13496 kB"
            return long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : null;
        }

        return null;
    }
}

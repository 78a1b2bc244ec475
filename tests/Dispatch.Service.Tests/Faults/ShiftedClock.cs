using System.Diagnostics;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>The wall clock of one process, which a test sets ahead and back while the process runs: a small library that is loaded before it.</summary>
internal sealed class ShiftedClock : IDisposable
{
    private static readonly Lazy<string> Library = new(Build);

    private readonly string _file = Path.GetTempFileName();

    public ShiftedClock() => By(TimeSpan.Zero);

    /// <summary>What the process is started with.</summary>
    public Dictionary<string, string> Environment => new() { ["LD_PRELOAD"] = Library.Value, ["SHIFTED_CLOCK"] = _file };

    /// <summary>Sets the clock, so far from the machine's own.</summary>
    public void By(TimeSpan shift)
    {
        using FileStream file = new(_file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)shift.TotalSeconds));
    }

    public void Dispose() => File.Delete(_file);

    private static string Build()
    {
        string library = Path.Combine(Directory.CreateTempSubdirectory("dispatch-clock-").FullName, "shifted_clock.so");
        using Process compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "Faults", "shifted_clock.c"), "-ldl"]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }
}

using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>One kind of step in a session, measured again and again: a line of a table.</summary>
/// <remarks>Nothing is allocated between beginning and end, so the bytes are the step's own (on this thread).</remarks>
internal sealed class SessionStep(string name)
{
    public const string Heading = "| step | median ms | p90 ms | max ms | pivots | bytes allocated | rebuilt | kernel |\n| --- | --- | --- | --- | --- | --- | --- | --- |";

    private readonly Samples _pivots = new(), _bytes = new();
    private readonly SortedSet<string> _kernels = new(StringComparer.Ordinal);
    private int _rebuilt;
    private long _began, _allocated;

    public Samples Times { get; } = new();

    public void Begin()
    {
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends a step that solves nothing.</summary>
    public void End() => Count();

    public void End(SessionResult result) => End(result.Kernel, result.Pivots, result.Rebuilt);

    public void End(string kernel, long pivots, bool rebuilt)
    {
        Count();
        _pivots.Add(pivots);
        _kernels.Add(kernel);
        if (rebuilt) _rebuilt++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Times.Cells} | {(_pivots.IsEmpty ? "" : $"{_pivots.Median:F0}")} | {_bytes.Median:F0} | {_rebuilt} | {string.Join(", ", _kernels)} |");

    private void Count()
    {
        double elapsed = Stopwatch.GetElapsedTime(_began).TotalMilliseconds;
        _bytes.Add(GC.GetAllocatedBytesForCurrentThread() - _allocated);
        Times.Add(elapsed);
    }
}

using TrafficDispatch.Measure;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Measure;

/// <summary>A book over the small world with a clock that the test sets.</summary>
internal sealed class Telemetry
{
    /// <summary>4 March 2026, 10:00 UTC: the start of a half-life.</summary>
    public const long Start = 1_772_618_400_000;

    private readonly Dictionary<string, ulong> _sequences = new(StringComparer.Ordinal);

    public Telemetry(MeasureSettings? settings = null, World? world = null)
    {
        using TestWorld small = TestWorld.Small();
        World = world ?? small.Build();
        Book = new MeasureBook(World, settings ?? MeasureSettings.Default);
    }

    public World World { get; }

    public MeasureBook Book { get; }

    public long Now { get; set; } = Start;

    public void Pass(TimeSpan time) => Now += (long)time.TotalMilliseconds;

    public static PathSample Rtt(double milliseconds, string region = "FR-01", string edge = "own-par", string network = "") =>
        new() { Region = region, Edge = edge, Network = network, RttMilliseconds = milliseconds };

    public SampleBatch Batch(string reporter)
    {
        ulong sequence = _sequences[reporter] = _sequences.GetValueOrDefault(reporter) + 1;
        return new SampleBatch { Reporter = reporter, Sequence = sequence, MeasuredAtMs = Now };
    }

    /// <summary>A batch of equal samples, folded.</summary>
    public SampleFault Say(string reporter, PathSample sample, int times = 1)
    {
        SampleBatch batch = Batch(reporter);
        for (int i = 0; i < times; i++) batch.Paths.Add(sample);
        return Book.Fold(batch, Now);
    }

    public SampleFault Carry(string reporter, string region, string edge, double mbps)
    {
        SampleBatch batch = Batch(reporter);
        batch.Loads.Add(new LoadSample(region, edge, mbps));
        return Book.Fold(batch, Now);
    }

    /// <summary>A resolver of TEST-NET-1.</summary>
    public static readonly ClientAddress Resolver = ClientAddress.FromV4(0xC0000235);

    public SampleFault Pair(string reporter, string region, long clients)
    {
        SampleBatch batch = Batch(reporter);
        batch.Resolvers.Add(new ResolverSample(Resolver, region, clients));
        return Book.Fold(batch, Now);
    }

    public MeasuredFacts Facts(int utcHour = 19) => Book.Facts(new Snapshot(Book.World, utcHour), Now);

    public PathEstimate Estimate(string region = "FR-01", string edge = "own-par", string network = "") =>
        Facts().Estimate(World.RegionOrdinal(region), World.EdgeOrdinal(edge), network);
}

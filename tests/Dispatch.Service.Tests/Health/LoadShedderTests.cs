using System.Globalization;
using System.Text;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>
/// The loop closed over the very code that answers: two thousand viewers of a Mbit/s each who ask anew every 30 s, loads reported every five seconds and
/// five seconds late. own-muc would get 62.5 % of them, own-fra the rest; cdn-muc is a backup.
/// </summary>
public sealed class LoadShedderTests
{
    private const int Viewers = 2000, TtlSeconds = 30;
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);
    private static readonly RoutingTable Table = new TableSketch().Build();

    [Theory]
    [InlineData(1500, 1000)]
    [InlineData(900, 1000)]
    public void Step_EdgeOverItsCeiling_ShedsWithinSecondsAndSettlesWithoutSwinging(int fraMbps, int cdnMbps)
    {
        Loop loop = new([1000, fraMbps, cdnMbps]);
        Assert.InRange(loop.Load(Muc), 1.2, 1.3);
        loop.Run(10);
        Assert.Equal(80, loop.Kept);
        loop.Run(170);
        List<double> settled = [];
        for (int i = 0; i < 60; i++)
        {
            loop.Run(15);
            settled.Add(loop.Load(Muc));
            Assert.All((ushort[])[Muc, Fra, Cdn], e => Assert.InRange(loop.Load(e), 0, 0.95));
        }
        Assert.InRange(settled.Min(), 0.75, 0.95);
        // Down step by step, and never up again while the crowd is there.
        Assert.All(loop.Steps.Zip(loop.Steps.Skip(1)), static s => Assert.InRange(s.First - s.Second, 1, 20));
    }

    [Fact]
    public void Step_CrowdLeaves_GivesBackSlowlyAndNeverPassesTheCeilingAgain()
    {
        Loop loop = new([1000, 1500, 1000]);
        loop.Run(300);
        int lowest = loop.Kept;
        loop.Mbps = 0.6;
        for (int i = 0; i < 90; i++)
        {
            loop.Run(15);
            Assert.InRange(loop.Load(Muc), 0, 0.95);
        }
        Assert.True(lowest < 80);
        Assert.Equal(100, loop.Kept);
        Assert.All(loop.Steps.SkipWhile(s => s != lowest).Zip(loop.Steps.SkipWhile(s => s != lowest).Skip(1)), static s => Assert.InRange(s.Second - s.First, 1, 5));
    }

    [Fact]
    public void Step_NobodyHasRoom_MovesNobody()
    {
        Loop loop = new([1000, 800, 1]);
        loop.Report(Cdn, 1);
        double before = loop.Load(Muc);
        loop.Run(300);
        Assert.Equal(before, loop.Load(Muc));
    }

    [Fact]
    public void Step_ReportsFallSilent_GivesBackStepByStep()
    {
        LoadShedder shedder = new(new());
        shedder.Add(new("a", 1200, 1000), Start);
        Assert.Equal(80, shedder.Step(["a", "b"], static _ => 0, Start).Kept.Single().Percent);
        EdgeWeights weights = EdgeWeights.None;
        for (int s = 1; s <= 400; s++) weights = shedder.Step(["a", "b"], static _ => 0, Start.AddSeconds(s));
        Assert.True(weights.IsEmpty);
    }

    [Fact]
    public void Step_EdgesWithoutReports_HaveRoomByPlanOrNone()
    {
        LoadShedder shedder = new(new());
        shedder.Add(new("a", 1200, 1000), Start);
        EdgeWeights weights = shedder.Step(["a", "b", "c", "d"], static id => id switch { "b" => 50, "c" => 90, _ => null }, Start);
        Assert.Equal("a c d", string.Join(' ', weights.Full));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 0)]
    [InlineData(1, double.PositiveInfinity)]
    public void Add_FiguresThatCannotBeTrue_AreNotHeeded(double carried, double capacity) => Assert.False(new LoadShedder(new()).Add(new("a", carried, capacity), Start));

    private sealed class Loop
    {
        private readonly LoadShedder _shedder = new(new());
        private readonly int[] _capacity;
        private readonly ushort[] _at = new ushort[Viewers];
        private readonly Queue<double[]> _measured = new();
        private Overlay _overlay = Overlay.None.For(Table.Content);
        private int _second;

        public Loop(int[] capacityMbps)
        {
            _capacity = capacityMbps;
            for (int v = 0; v < Viewers; v++) _at[v] = Ask(v);
        }

        public double Mbps { get; set; } = 1;

        public int Kept { get; private set; } = 100;

        public List<int> Steps { get; } = [100];

        public double Load(ushort edge) => Mbps * _at.Count(e => e == edge) / _capacity[edge];

        public void Report(ushort edge, double load) =>
            _shedder.Add(new(Table.Content.Edges[edge].Id, load * _capacity[edge], _capacity[edge]), Start.AddSeconds(_second));

        public void Run(int seconds)
        {
            for (int s = 0; s < seconds; s++)
            {
                _second++;
                if (_second % 5 == 0)
                {
                    _measured.Enqueue([Load(Muc), Load(Fra), Load(Cdn)]);
                    if (_measured.Count > 1)
                        foreach ((int edge, double load) in _measured.Dequeue().Index()) Report((ushort)edge, load);
                }
                EdgeWeights weights = _shedder.Step(Table.Content.Edges.Select(static e => e.Id), static id => id == "cdn-muc" ? 0 : null, Start.AddSeconds(_second));
                Kept = weights.Kept.FirstOrDefault(static w => w.EdgeId == "own-muc")?.Percent ?? 100;
                if (Kept != Steps[^1]) Steps.Add(Kept);
                _overlay = _overlay.Weigh("loads", weights, 1).For(Table.Content);
                for (int v = _second % TtlSeconds; v < Viewers; v += TtlSeconds) _at[v] = Ask(v);
            }
        }

        private ushort Ask(int viewer)
        {
            EdgeShare[] ranked = new EdgeShare[1];
            byte[] key = Encoding.UTF8.GetBytes(viewer.ToString(CultureInfo.InvariantCulture));
            Table.Decide(DecisionRequest.ForRegion(Live, De) with { SessionKey = key, Kept = _overlay.Kept, Full = _overlay.Full }, ranked);
            return ranked[0].Edge;
        }
    }
}

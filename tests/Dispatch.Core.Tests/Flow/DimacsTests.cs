using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class DimacsTests
{
    private const string Integer64 = "must be within -9223372036854775808 to 9223372036854775807";

    [Fact]
    public void Read_WellFormedText_GivesTheNetwork()
    {
        FlowNetwork network = Accepted("c a comment\r\n\r\n  p   min 3 2 \nn 1 5\nn\t3 -5\na 1 2 0 9 -7\na 2 3 1 9223372036854775807 2");
        Assert.Equal([5, 0, -5], network.Supplies.ToArray());
        Assert.Equal([0, 1], network.Tails.ToArray());
        Assert.Equal([1, 2], network.Heads.ToArray());
        Assert.Equal([0, 1], network.LowerBounds.ToArray());
        Assert.Equal([9, FlowNetwork.Unlimited], network.UpperBounds.ToArray());
        Assert.Equal([-7, 2], network.Costs.ToArray());
        Assert.Equal(1, network.FirstNumber);
    }

    [Fact]
    public void Read_ByteOrderMarkNodeAfterArcAndCommentsWithoutBlank_AreTolerated()
        => Assert.Equal(4, Accepted("\uFEFFcomment\np min 2 1\na 1 2 0 9 1\nn 1 4\nn 2 -4\n").Supplies[0]);

    [Theory]
    [InlineData("p min 0 0", 0)]
    [InlineData("p min 7 0\n", 7)]
    public void Read_NoArcs_IsANetwork(string text, int nodes) => Assert.Equal(nodes, Accepted(text).NodeCount);

    [Theory]
    [InlineData("", "f.min: problem line is missing: a line 'p min NODES ARCS' must come first")]
    [InlineData("c only\n", "f.min: problem line is missing: a line 'p min NODES ARCS' must come first")]
    [InlineData("n 1 5\n", "f.min:1:1: line type 'n': a line 'p min NODES ARCS' must come first")]
    [InlineData("a 1 2 0 1 1\n", "f.min:1:1: line type 'a': a line 'p min NODES ARCS' must come first")]
    [InlineData("a 1 2 0 1 1\np min 2 1\n", "f.min:1:1: line type 'a': a line 'p min NODES ARCS' must come first")]
    [InlineData("p max 2 1\n", "f.min:1:3: problem 'max': must be 'min'")]
    [InlineData("p\n", "f.min:1:2: problem is missing: must be 'min'", "f.min:1:2: nodes is missing: must be an integer from 0 to 33554432", "f.min:1:2: arcs is missing: must be an integer from 0 to 268435456")]
    [InlineData("p min 2\n", "f.min:1:8: arcs is missing: must be an integer from 0 to 268435456")]
    [InlineData("p min -2 0\n", "f.min:1:7: nodes '-2': must be an integer from 0 to 33554432")]
    [InlineData("p min 2 1000000000000000000\n", "f.min:1:9: arcs '1000000000000000000': must be an integer from 0 to 268435456")]
    [InlineData("p min 1000000000000000000 1\n", "f.min:1:7: nodes '1000000000000000000': must be an integer from 0 to 33554432")]
    [InlineData("p min 99999999999999999999 1\n", "f.min:1:7: nodes '99999999999999999999': must be an integer from 0 to 33554432")]
    [InlineData("p min 2 0 7\n", "f.min:1:11: extra field '7': the line must end here")]
    [InlineData("p min 2 0\np min 2 0\n", "f.min:2:1: line type 'p': there must be only one problem line")]
    [InlineData("p min 2 0\nq 1 2\n", "f.min:2:1: line type 'q': must be c, p, n or a")]
    [InlineData("p min 2 0\narc 1 2\n", "f.min:2:1: line type 'arc': must be c, p, n or a")]
    [InlineData("p min 2 0\nn 0 1\n", "f.min:2:3: id '0': must be a node from 1 to 2")]
    [InlineData("p min 2 0\nn 3 1\n", "f.min:2:3: id '3': must be a node from 1 to 2")]
    [InlineData("p min 2 0\nn 1\n", "f.min:2:4: flow is missing: must be an integer")]
    [InlineData("p min 2 0\nn 1 1.5\n", "f.min:2:5: flow '1.5': must be an integer")]
    [InlineData("p min 2 0\nn 1 +5\n", "f.min:2:5: flow '+5': must be an integer")]
    [InlineData("p min 2 0\nn 1 9223372036854775808\n", "f.min:2:5: flow '9223372036854775808': " + Integer64)]
    [InlineData("p min 2 0\nn 1 5\nn 1 5\n", "f.min:3:3: id '1': this node already has a node line")]
    [InlineData("p min 2 1\na 1 3 0 1 1\n", "f.min:2:5: head '3': must be a node from 1 to 2")]
    [InlineData("p min 2 1\na -1 2 0 1 1\n", "f.min:2:3: tail '-1': must be a node from 1 to 2")]
    [InlineData("p min 2 1\na 1 2 5 4 1\n", "f.min:2:9: cap '4': must not be below low, which is 5")]
    [InlineData("p min 2 1\na 1 2 0 -1 1\n", "f.min:2:9: cap '-1': must not be below low, which is 0")]
    [InlineData("p min 2 1\na 1 2 9223372036854775807 9223372036854775807 1\n", "f.min:2:7: low '9223372036854775807': a lower bound must be finite")]
    [InlineData("p min 2 1\na 1 2 0 1\n", "f.min:2:10: cost is missing: must be an integer")]
    [InlineData("p min 2 1\na 1 2 0 1 x\n", "f.min:2:11: cost 'x': must be an integer")]
    [InlineData("p min 2 1\na 1 2 0 1 -\n", "f.min:2:11: cost '-': must be an integer")]
    [InlineData("p min 2 1\na 1 2 0 1 \u00e9\n", "f.min:2:11: cost '??': must be an integer")]
    [InlineData("p min 2 1\na 1 2 0 1 1 9\n", "f.min:2:13: extra field '9': the line must end here")]
    [InlineData("p min 2 2\na 1 2 0 1 1\n", "f.min:2: arc lines '1': the problem line declares 2")]
    [InlineData("p min 2 1\na 1 2 0 1 1\na 1 2 0 1 1\na 1 2 0 1 1\n", "f.min:3: arc lines '2': the problem line declares 1")]
    public void Read_MalformedText_ReportsExactly(string text, params string[] faults)
    {
        DimacsReadResult result = Read(text);
        Assert.Null(result.Network);
        Assert.Equal(faults, result.Faults.Select(f => f.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public void Read_SeveralFaults_ReportsAllOfThem()
        => Assert.Equal([2, 3, 4, 5], Read("p min 2 2\nn 9 1\na 1 x 0 1 1\nz\na 1 2 3 2 1\n").Faults.Select(f => (int)f.Line));

    [Fact]
    public void Read_EndlessFaults_StopsAtTheLimit()
        => Assert.Equal(100, Read("p min 2 0\n" + string.Concat(Enumerable.Repeat("n 9 9\n", 5000))).Faults.Count);

    [Fact]
    public void Read_BoastfulHeader_ReservesNoMemoryForArcs()
    {
        byte[] text = "p min 2 268435456\na 1 2 0 1 1\n"u8.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        DimacsReadResult result = DimacsReader.Read(new MemoryStream(text), "f.min");
        Assert.Null(result.Network);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void Read_LineLongerThanTheBuffer_IsAFault()
        => Assert.Equal("f.min:2: line 'c…': a line must be shorter than 1048576 bytes",
            Assert.Single(Read("c first\nc " + new string('x', 2_000_000) + "\np min 2 0\n").Faults).ToString());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Read_StreamThatTrickles_GivesTheSameNetwork(int step)
    {
        using var trickle = new Trickle("p min 2 1\nn 1 4\nn 2 -4\na 1 2 0 9 1"u8.ToArray(), step);
        FlowNetwork? network = DimacsReader.Read(trickle, "f.min").Network;
        Assert.NotNull(network);
        Assert.Equal(4, FlowSolver.Solve(network).Objective);
    }

    [Fact]
    public void WriteThenRead_RandomNetwork_IsEqual()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(31UL, 7UL).WithMaxTest(400), Prop.ForAll(Networks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            using var stream = new MemoryStream();
            DimacsWriter.Write(stream, network);
            stream.Position = 0;
            FlowNetwork? read = DimacsReader.Read(stream, "f.min").Network;
            return read is not null && Equal(network, read);
        }));

    [Fact]
    public void WriteThenRead_ExtremeNumbers_AreEqual()
    {
        FlowNetwork network = new NetworkSpec([long.MaxValue, long.MinValue], [new(0, 1, long.MinValue, FlowNetwork.Unlimited, long.MinValue), new(1, 0, -1, long.MaxValue - 1, long.MaxValue)]).Build();
        using var stream = new MemoryStream();
        DimacsWriter.Write(stream, network);
        stream.Position = 0;
        Assert.True(Equal(network, DimacsReader.Read(stream, "f.min").Network!));
    }

    [Theory]
    [InlineData("net.min")]
    [InlineData("net.min.gz")]
    public void WriteFileThenReadFile_PlainOrZipped_IsEqual(string name)
    {
        using var folder = new TemporaryFolder();
        FlowNetwork network = new NetworkSpec([3, -3], [new(0, 1, 0, 9, 2)]).Build();
        DimacsWriter.WriteFile(folder.File(name), network);
        Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(folder.File(name))[0] == 0x1f);
        Assert.True(Equal(network, DimacsReader.ReadFile(folder.File(name)).Network!));
    }

    [Fact]
    public void ReadFile_TruncatedArchive_IsAFault()
    {
        using var folder = new TemporaryFolder();
        using (var zipped = new GZipStream(File.Create(folder.File("t.min")), CompressionLevel.Fastest))
            zipped.Write(Encoding.ASCII.GetBytes("p min 2 9000\n" + string.Concat(Enumerable.Range(0, 9000).Select(i => $"a 1 2 0 {i * 7919 % 10007} {i}\n"))));
        byte[] bytes = File.ReadAllBytes(folder.File("t.min"));
        File.WriteAllBytes(folder.File("t.min"), bytes[..(bytes.Length / 2)]);
        DimacsReadResult result = DimacsReader.ReadFile(folder.File("t.min"));
        Assert.Null(result.Network);
        Assert.NotEmpty(result.Faults);
    }

    [Fact]
    public void ReadFile_NoSuchFile_IsAFaultWithThePath()
    {
        DimacsFault fault = Assert.Single(DimacsReader.ReadFile("no/such/file.min").Faults);
        Assert.Equal("no/such/file.min", fault.Value);
        Assert.StartsWith("cannot be read", fault.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteSolution_Optimal_ListsCostAndFlow()
    {
        FlowNetwork network = Accepted("p min 3 2\nn 1 5\nn 2 -5\na 1 2 0 9 7\na 2 3 0 9 7\n");
        Assert.Equal("s 35\nf 1 2 5\n", Solution(network));
    }

    [Fact]
    public void WriteSolution_Infeasible_SaysSoWithOneBasedNodes()
    {
        FlowNetwork network = Accepted("p min 2 1\nn 1 5\nn 2 -5\na 1 2 0 3 7\n");
        Assert.StartsWith("c cause: node 1 must send out 5 units, but the arcs around them let at most 3 leave; 2 are stuck\nc remedy: ", Solution(network), StringComparison.Ordinal);
        Assert.EndsWith("\ns infeasible\n", Solution(network), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileSolvedThrice_ProvesAndTimes()
    {
        using var folder = new TemporaryFolder();
        DimacsWriter.WriteFile(folder.File("net.min"), new NetworkSpec([3, -3], [new(0, 1, 0, 9, 2)]).Build());
        FlowFileOutcome outcome = FlowFile.Run(folder.File("net.min"), repeat: 3);
        Assert.Equal(6, outcome.Solution!.Objective);
        Assert.True(outcome.Certificate!.Valid);
        Assert.True(outcome.ReadTime > TimeSpan.Zero && outcome.BuildTime > TimeSpan.Zero && outcome.SolveTime > TimeSpan.Zero);
        Assert.NotEmpty(FlowFile.Run(folder.File("none.min")).Faults);
    }

    private static FlowNetwork Accepted(string text)
    {
        DimacsReadResult result = Read(text);
        Assert.Empty(result.Faults);
        return result.Network!;
    }

    private static DimacsReadResult Read(string text) => DimacsReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f.min");

    private static string Solution(FlowNetwork network)
    {
        using var stream = new MemoryStream();
        DimacsWriter.WriteSolution(stream, network, FlowSolver.Solve(network));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static bool Equal(FlowNetwork a, FlowNetwork b)
        => a.Supplies.SequenceEqual(b.Supplies) && a.Tails.SequenceEqual(b.Tails) && a.Heads.SequenceEqual(b.Heads)
            && a.LowerBounds.SequenceEqual(b.LowerBounds) && a.UpperBounds.SequenceEqual(b.UpperBounds) && a.Costs.SequenceEqual(b.Costs);

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flow-tests-");

        public string File(string name) => Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private sealed class Trickle(byte[] text, int step) : MemoryStream(text)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));
    }
}

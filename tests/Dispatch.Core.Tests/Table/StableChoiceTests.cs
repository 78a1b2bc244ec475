using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class StableChoiceTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20260301UL, 11UL).WithMaxTest(200);
    private static readonly string Reference = Path.Combine(Root(), "docs", "reference", "stable-choice-vectors.json");

    [Fact]
    public void Steps_PublishedVectors_Match()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Reference));
        JsonElement root = vectors.RootElement;
        Rows("log2_table", 8, r => Assert.Equal(r[1].GetUInt32(), BinaryLogarithm.Entry(r[0].GetInt32())));
        Rows("mix", 5, r => Assert.Equal(Word(r[1]), StableChoice.Mix(Word(r[0]))));
        Rows("fnv1a", 7, r => Assert.Equal(Word(r[1]), StableChoice.Seed(Bytes(r[0]))));
        Rows("key", 7, r => Assert.Equal(Word(r[1]), StableChoice.Key(Bytes(r[0]))));
        Rows("distance", 15, r => Assert.Equal(r[2].GetUInt64(), StableChoice.Distance(Word(r[0]), Word(r[1]))));
        Rows("granule", 7, r => Assert.Equal(Bytes(r[2]),
            SplitKey.Granule(ClientAddress.Parse(r[0].GetString()!), r[1].GetInt32(), new byte[SplitKey.MaxBytes]).ToArray()));
        byte[] table = [.. Enumerable.Range(0, 4097).SelectMany(static i => BitConverter.GetBytes(BinaryLogarithm.Entry(i)))];
        Assert.Equal(root.GetProperty("log2_table_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(table)));
        Assert.Equal(StableChoice.OverflowSeed, StableChoice.Seed([0]));

        void Rows(string name, int least, Action<JsonElement> check)
        {
            JsonElement rows = root.GetProperty(name);
            Assert.True(rows.GetArrayLength() >= least, name);
            foreach (JsonElement row in rows.EnumerateArray()) check(row);
        }
    }

    /// <summary>The whole way: a table with these weights answers as the vectors say.</summary>
    [Fact]
    public void Decide_PublishedVectors_GivesOrderAndUnserved()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Reference));
        int checkedRows = 0;
        foreach (JsonElement choice in vectors.RootElement.GetProperty("choice").EnumerateArray())
        {
            (string Id, ushort Weight)[] candidates = [.. choice.GetProperty("candidates").EnumerateArray()
                .Select(static c => (c[0].GetString()!, c[1].GetUInt16()))];
            if (candidates.Length == 0) continue;
            TableSketch sketch = new();
            for (int i = 0; i < sketch.Edges.Count; i++)
                sketch.Edges[i] = sketch.Edges[i] with { Id = i < candidates.Length ? candidates[i].Id : $"other-{i}" };
            sketch.Entries[TableSketch.De] =
                (choice.GetProperty("overflow").GetUInt16(), [.. candidates.Select(static (c, i) => ((ushort)i, c.Weight))]);
            RoutingTable table = sketch.Build();
            EdgeShare[] ranked = new EdgeShare[4];
            byte[] key = Bytes(choice.GetProperty("key"));

            Decision spill = table.Decide(DecisionRequest.ForRegion(TableSketch.Live, TableSketch.De) with { SessionKey = key }, ranked);
            bool unserved = choice.GetProperty("unserved").GetBoolean();
            Assert.Equal(unserved ? DecisionReason.OverCapacity : DecisionReason.Assigned, spill.Reason);
            string[] order = [.. choice.GetProperty("order").EnumerateArray().Select(static e => e.GetString()!)];
            if (unserved) order = [.. candidates.Select(static c => c.Id)];
            Assert.Equal(order, ranked[..spill.Count].Select(r => table.Content.Edges[r.Edge].Id));
            checkedRows++;
        }
        Assert.True(checkedRows >= 60);
    }

    [Fact]
    public void PythonImplementation_PublishedVectors_Agrees()
    {
        string script = Path.Combine(Root(), "tests", "interop", "python", "stable_choice.py");
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "check", Reference])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, said);
        Assert.Contains(" 0 faults", said, StringComparison.Ordinal);
    }

    /// <summary>Pearson's test at the 99.9 % level; the keys are fixed, so the outcome is too.</summary>
    [Theory]
    [InlineData(new[] { 8192, 4096, 2048, 1024, 512, 256, 128, 128 }, 24.32)]
    [InlineData(new[] { 10240, 6144 }, 10.83)]
    [InlineData(new[] { 5462, 5461, 5461 }, 13.82)]
    [InlineData(new[] { 16334, 50 }, 10.83)]
    public void Choose_TwoHundredThousandKeys_FollowsTheWeights(int[] weights, double critical)
    {
        const int keys = 200_000;
        int[] hits = new int[weights.Length];
        Candidates candidates = new([.. weights.Select(static w => (ushort)w)]);
        for (int k = 0; k < keys; k++) hits[candidates.Choose(k)]++;
        double chiSquare = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double expected = (double)keys * weights[i] / Shares.Whole;
            chiSquare += (hits[i] - expected) * (hits[i] - expected) / expected;
        }
        Assert.True(chiSquare < critical, $"chi-square {chiSquare:F2}: {string.Join(", ", hits)}");
    }

    /// <summary>Addresses of neighbouring granules are the hardest keys: they differ in a bit or two.</summary>
    [Fact]
    public void Choose_ConsecutiveGranules_FollowsTheWeights()
    {
        const int keys = 1 << 16;
        ulong[] seeds = [StableChoice.Seed("own-fra"), StableChoice.Seed("own-muc")];
        int first = 0;
        for (int k = 0; k < keys; k++)
        {
            ReadOnlySpan<byte> split = SplitKey.Granule(ClientAddress.FromV4(0x0A000000 + (uint)k * 256), 24, new byte[SplitKey.MaxBytes]);
            if (StableChoice.Choose(StableChoice.Key(split), seeds, [10240, 6144]) == 0) first++;
        }
        double sigma = Math.Sqrt(keys * 0.625 * 0.375);
        Assert.InRange(first, keys * 0.625 - 3.3 * sigma, keys * 0.625 + 3.3 * sigma);
    }

    [Fact]
    public void Choose_OneWeightRaised_MovesClientsOnlyTowardsIt() =>
        Check.One(Runs, Prop.ForAll(Weights.Any, w =>
        {
            ushort[] after = [.. w.Values];
            after[w.Changed] = (ushort)Math.Min(ushort.MaxValue, after[w.Changed] + 1 + w.Amount);
            Candidates before = new(w.Values), raised = new(after);
            return Enumerable.Range(0, 2000).All(k => before.Choose(k) is int was && raised.Choose(k) is int now && (now == was || now == w.Changed));
        }));

    [Fact]
    public void Choose_OneCandidateGone_MovesOnlyItsOwnClients() =>
        Check.One(Runs, Prop.ForAll(Weights.Any, w =>
        {
            ushort[] after = [.. w.Values];
            after[w.Changed] = 0;
            Candidates before = new(w.Values), without = new(after);
            return Enumerable.Range(0, 2000).All(k => before.Choose(k) is int was && (was == w.Changed || without.Choose(k) == was));
        }));

    /// <summary>
    /// Total variation d is the least that must move; 2d / (1 + d) the most that may. The exact share in between is known, so an
    /// implementation that moves too many or too few is found out.
    /// </summary>
    [Fact]
    public void Choose_WeightsShifted_MovesTheExactShareAndNeverBeyondTheBound() =>
        Check.One(Runs.WithMaxTest(60), Prop.ForAll(Weights.Any, w =>
        {
            const int keys = 20_000;
            ushort[] from = Normalised(w.Values), to = [.. from];
            int source = Array.IndexOf(to, to.Max()), amount = Math.Min(w.Amount, to[source] - 1);
            to[source] -= (ushort)amount;
            to[w.Changed] += (ushort)amount;

            Candidates before = new(from), after = new(to);
            double moved = Enumerable.Range(0, keys).Count(k => before.Choose(k) != after.Choose(k)) / (double)keys;
            double exact = MovedShare(from, to), distance = from.Zip(to, static (a, b) => Math.Abs(a - b)).Sum() / 2.0 / Shares.Whole;
            double tolerance = 4.5 * Math.Sqrt(exact * (1 - exact) / keys) + 2.0 / keys;
            return Math.Abs(moved - exact) <= tolerance && exact <= 2 * distance / (1 + distance) + 1e-9 && exact >= distance - 1e-9;
        }));

    [Fact]
    public void Choose_NoWeightAboveZero_ChoosesNone() => Assert.Equal(-1, StableChoice.Choose(7, [1, 2], [0, 0]));

    [Fact]
    public void Choose_SpansOfDifferentLength_Throws() => Assert.Throws<ArgumentException>(() => StableChoice.Choose(7, [1, 2], [1]));

    [Fact]
    public void IsBefore_EqualRatios_SmallerSeedStandsFirst()
    {
        Assert.True(StableChoice.IsBefore(10, 2, 1, 20, 4, 2));
        Assert.False(StableChoice.IsBefore(20, 4, 2, 10, 2, 1));
    }

    [Fact]
    public void NegativeLog2_WholeRange_StaysWithinItsErrorAndNeverRises()
    {
        ulong previous = ulong.MaxValue;
        foreach (ulong h in Enumerable.Range(0, 64).SelectMany(static e => Enumerable.Range(0, 300)
            .Select(i => (1UL << e) + (ulong)((UInt128)(1UL << e) * (uint)i / 300))).Append(ulong.MaxValue).Distinct().Order())
        {
            ulong value = BinaryLogarithm.NegativeLog2(h);
            Assert.True(value <= previous && value >= 1);
            previous = value;
            double exact = 64 - BigInteger.Log(h, 2), found = value / (double)(1UL << BinaryLogarithm.FractionBits);
            Assert.InRange(found, exact - 1.5e-8, exact + 1.5e-8);
        }
        Assert.Equal(BinaryLogarithm.NegativeLog2(1), BinaryLogarithm.NegativeLog2(0));
    }

    private static double MovedShare(ushort[] from, ushort[] to)
    {
        double stays = 0;
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] == 0 || to[i] == 0) continue;
            stays += 1 / from.Zip(to, (p, q) => Math.Max((double)p / from[i], (double)q / to[i])).Sum();
        }
        return 1 - stays;
    }

    private static ushort[] Normalised(ushort[] values)
    {
        ushort[] weights = new ushort[values.Length];
        Shares.Quantise([.. values.Select(static v => (long)v)], 0, weights, out _);
        return weights;
    }

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "TrafficDispatch.sln"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The repository's root is not above the test.");
    }

    private static ulong Word(JsonElement hex) => Convert.ToUInt64(hex.GetString(), 16);

    private static byte[] Bytes(JsonElement hex) => Convert.FromHexString(hex.GetString()!);

    private sealed class Candidates(ushort[] weights)
    {
        private readonly ulong[] _seeds = [.. weights.Select(static (_, i) => StableChoice.Seed($"edge-{i}"))];

        private static readonly ulong[] Keys =
            [.. Enumerable.Range(0, 200_000).Select(static k => StableChoice.Key(Encoding.UTF8.GetBytes($"client {k}")))];

        public int Choose(int key) => StableChoice.Choose(Keys[key], _seeds, weights);
    }

    /// <summary>Weights of at least two candidates, all above 0, and one of them to change.</summary>
    private sealed record Weights(ushort[] Values, int Changed, int Amount)
    {
        public static readonly Arbitrary<Weights> Any = Arb.From(
            from n in Gen.Choose(2, 9)
            from values in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(1, 6000)), (1, Gen.Choose(1, 20))), n)
            from changed in Gen.Choose(0, n - 1)
            from amount in Gen.Frequency((2, Gen.Choose(0, 200)), (1, Gen.Choose(200, 6000)))
            select new Weights([.. values.Select(static v => (ushort)v)], changed, amount), Shrink);

        public override string ToString() => $"[{string.Join(", ", Values)}], {Changed} by {Amount}";

        private static IEnumerable<Weights> Shrink(Weights w)
        {
            if (w.Values.Length > 2)
            {
                for (int i = 0; i < w.Values.Length; i++)
                {
                    if (i == w.Changed) continue;
                    yield return new([.. w.Values.Where((_, at) => at != i)], i < w.Changed ? w.Changed - 1 : w.Changed, w.Amount);
                }
            }
            if (w.Amount > 0) yield return w with { Amount = w.Amount / 2 };
            for (int i = 0; i < w.Values.Length; i++)
            {
                if (w.Values[i] > 1) yield return w with { Values = [.. w.Values.Select((v, at) => at == i ? (ushort)(v / 2) : v)] };
            }
        }
    }
}

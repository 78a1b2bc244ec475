using System.Buffers.Binary;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

public sealed class FlowBasisTests
{
    private const int HeaderBytes = 24;
    private const int HashBytes = 32;

    private static readonly byte[] Written = Write(new FlowBasis(5, 9, [0, 3, 4, 8], [1, 7]));

    [Fact]
    public void Read_WhatWasWritten_IsTheSameBasis()
        => Check.One(Seeded(500), Prop.ForAll(Garbage(), basis =>
        {
            using var stream = new MemoryStream(Write(basis));
            FlowBasis read = FlowBasis.Read(stream);
            return read.NodeCount == basis.NodeCount && read.ArcCount == basis.ArcCount && stream.Position == stream.Length
                && read.Basic.SequenceEqual(basis.Basic) && read.AtUpper.SequenceEqual(basis.AtUpper);
        }));

    [Fact]
    public void Read_AnyByteAltered_IsRejected()
    {
        for (int at = 0; at < Written.Length; at++)
            foreach (byte mask in (byte[])[1, 0x80, 0xFF])
            {
                byte[] bytes = [.. Written];
                bytes[at] ^= mask;
                Assert.Matches("field|cut short", Fault(bytes));
            }
    }

    [Fact]
    public void Read_CutShortAnywhere_IsRejected()
    {
        for (int length = 0; length < Written.Length; length++) Assert.Contains("cut short", Fault(Written[..length]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "field magic")]
    [InlineData(4, 2, "field version")]
    [InlineData(8, -1, "field counts")]
    [InlineData(12, -1, "field counts")]
    [InlineData(12, 5, "field counts")]
    [InlineData(16, -1, "field counts")]
    [InlineData(16, int.MaxValue, "field counts")]
    [InlineData(20, 6, "field counts")]
    [InlineData(20, int.MinValue, "field counts")]
    [InlineData(24, 4, "field basic")]
    [InlineData(36, 9, "field basic")]
    [InlineData(24, -1, "field basic")]
    [InlineData(40, 7, "field atUpper")]
    [InlineData(44, int.MaxValue, "field atUpper")]
    public void Read_WrongFieldUnderARightChecksum_NamesTheField(int offset, int value, string named)
    {
        byte[] bytes = [.. Written];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        Assert.Contains(named, Fault(Sealed(bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeCountsInAShortStream_IsRejectedWithoutReservingRoom()
    {
        byte[] bytes = [.. Written];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), int.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), int.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cut short", Fault(Sealed(bytes)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_TwoBasesInOneStream_ReadsOneAfterTheOther()
    {
        using var stream = new MemoryStream([.. Written, .. Write(new FlowBasis(1, 1, [0], []))]);
        Assert.Equal(9, FlowBasis.Read(stream).ArcCount);
        Assert.Equal(1, FlowBasis.Read(stream).ArcCount);
    }

    [Fact]
    public void Open_AnyBasisAtAll_StillFindsTheOptimum()
        => Check.One(Seeded(2500), Prop.ForAll(SessionCases.EditsOnly, Garbage(), (session, basis) =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish, basis);
            AssertRight(live, session.Start);
            var mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script) SessionEdits.Apply(step, live, mirror);
            live.Solve();
            AssertRight(live, mirror.Spec);
            return true;
        }));

    [Fact]
    public void Open_BasisOfAnotherNetwork_StillFindsTheOptimum()
        => Check.One(Seeded(1200), Prop.ForAll(SessionCases.EditsOnly, SessionCases.EditsOnly, (one, other) =>
        {
            FlowSession saved = SessionPlayer.Open(one.Start.Build(), one.Wish);
            if (saved.Result.Status != FlowStatus.Optimal) return true;
            FlowBasis basis = saved.SaveBasis();
            AssertRight(SessionPlayer.Open(other.Start.Build(), other.Wish, basis), other.Start);
            NetworkSpec fewer = one.Start with { Arcs = [.. one.Start.Arcs.Where((_, e) => e % 3 != 1)] };
            AssertRight(SessionPlayer.Open(fewer.Build(), one.Wish, basis), fewer);
            return true;
        }));

    [Fact]
    public void Open_OwnBasis_TakesHardlyAPivot()
    {
        int compact = 0;
        long cold = 0, warm = 0;
        foreach (SessionCase session in SessionCases.EditsOnly.Generator.Sample(500, new Rnd(3UL, 17UL), 50))
        {
            FlowNetwork network = session.Start.Build();
            FlowSession first = SessionPlayer.Open(network, session.Wish);
            if (first.Result.Status != FlowStatus.Optimal || !first.Kernel.StartsWith("compact", StringComparison.Ordinal)) continue;
            FlowSession again = SessionPlayer.Open(network, session.Wish, first.SaveBasis());
            Assert.Equal(first.Result.Objective, again.Result.Objective);
            (cold, warm, compact) = (cold + first.Result.Pivots, warm + again.Result.Pivots, compact + 1);
        }

        Assert.InRange(compact, 100, 500);
        Assert.InRange(warm, 0, cold / 10);
    }

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 733UL).WithMaxTest(tests);

    private static Arbitrary<FlowBasis> Garbage() => Arb.From(
        from nodes in Gen.Choose(0, 30)
        from arcs in Gen.Choose(0, 150)
        from states in Gen.ArrayOf(Gen.Choose(0, 3), arcs)
        select new FlowBasis(nodes, arcs, Of(states, 1), Of(states, 2)));

    private static int[] Of(int[] states, int state) => [.. Enumerable.Range(0, states.Length).Where(e => states[e] == state)];

    private static void AssertRight(FlowSession session, NetworkSpec spec)
    {
        (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(spec);
        Assert.Equal(status, session.Result.Status);
        if (status != FlowStatus.Optimal) return;
        Assert.Equal(cost, session.Result.Objective);
        Assert.True(session.Certify());
        Assert.Empty(OptimalityCertificate.Check(spec.Build(), session.ToSolution()).Violations);
    }

    private static byte[] Write(FlowBasis basis)
    {
        using var stream = new MemoryStream();
        basis.Write(stream);
        return stream.ToArray();
    }

    private static byte[] Sealed(byte[] bytes)
    {
        Assert.True(bytes.Length > HeaderBytes + HashBytes);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        return bytes;
    }

    private static string Fault(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Assert.Throws<InvalidDataException>(() => FlowBasis.Read(stream)).Message;
    }
}

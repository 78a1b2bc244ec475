using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

public sealed class FlowSessionDeterminismTests
{
    [Fact]
    public void Solve_SameNetworkBasisAndEdits_GivesTheSameBytes()
    {
        SessionCase[] cases = [.. SessionCases.EditsOnly.Generator.Sample(300, new Rnd(9UL, 13UL), 50)];
        string first = Hash(cases, detours: false);
        Assert.Equal(first, Hash(cases, detours: false));
        Assert.Equal(first, Hash(cases, detours: true));
    }

    [Fact]
    public void Solve_WithAndWithoutVectors_GivesTheSameBitsAfterEachEdit()
        => Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 617UL).WithMaxTest(800), Prop.ForAll(SessionCases.EditsOnly, session =>
        {
            FlowNetwork network = session.Start.Build();
            FlowSession vectors = SessionPlayer.Open(network, session.Wish), scalar = SessionPlayer.Open(network, session.Wish, scalar: true);
            SessionState.Of(vectors).AssertEquals(SessionState.Of(scalar));
            (MirrorNetwork mirror, MirrorNetwork second) = (new MirrorNetwork(session.Start), new MirrorNetwork(session.Start));
            foreach (ScriptStep step in session.Script)
            {
                SessionEdits.Apply(step, vectors, mirror);
                SessionEdits.Apply(step, scalar, second);
                Assert.Equal(vectors.Solve(), scalar.Solve());
                SessionState.Of(vectors).AssertEquals(SessionState.Of(scalar));
            }

            return true;
        }));

    // Opens from the basis saved by another session, edits and solves; a detour is a solve that is undone.
    private static string Hash(SessionCase[] cases, bool detours)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SessionCase session in cases)
        {
            FlowNetwork network = session.Start.Build();
            FlowSession saved = SessionPlayer.Open(network, session.Wish);
            FlowBasis? basis = saved.Result.Status == FlowStatus.Optimal ? saved.SaveBasis() : null;
            FlowSession live = SessionPlayer.Open(network, session.Wish, basis);
            var mirror = new MirrorNetwork(session.Start);
            foreach (ScriptStep step in session.Script)
            {
                if (detours) TakeDetour(live, mirror);
                SessionEdits.Apply(step, live, mirror);
                live.Solve();
                hash.AppendData(SessionState.Of(live).Bytes());
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void TakeDetour(FlowSession live, MirrorNetwork mirror)
    {
        FlowMark mark = live.Mark();
        SessionEdits.Apply(new ScriptStep(StepKind.CloseNode, 1), live, mirror.Clone());
        live.Solve();
        live.Undo(mark);
    }
}

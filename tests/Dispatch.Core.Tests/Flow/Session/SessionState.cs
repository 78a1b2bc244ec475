using System.Runtime.InteropServices;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Everything a session shows after a solve, to compare bit for bit: result, flow, potentials, basis.</summary>
internal sealed class SessionState
{
    private readonly SessionResult _result;
    private readonly long[] _flow;
    private readonly Int128[] _potentials;
    private readonly byte[] _basis;

    private SessionState(FlowSession session, (int Nodes, int Arcs) solved)
    {
        bool readable = session.Result.Status == FlowStatus.Optimal;
        (_result, Solved) = (session.Result, solved);
        _flow = readable ? [.. Enumerable.Range(0, solved.Arcs).Select(session.Flow)] : [];
        _potentials = readable ? [.. Enumerable.Range(0, solved.Nodes).Select(session.Potential)] : [];
        using var basis = new MemoryStream();
        if (readable) session.SaveBasis().Write(basis);
        _basis = basis.ToArray();
    }

    /// <summary>The flow; empty when the last solve found none.</summary>
    public IReadOnlyList<long> Flow => _flow;

    /// <summary>How the last solve ended.</summary>
    public FlowStatus Status => _result.Status;

    /// <summary>Nodes and arcs of the network last solved; what was added since has no flow yet.</summary>
    public (int Nodes, int Arcs) Solved { get; }

    /// <summary>Reads a session that was just solved.</summary>
    public static SessionState Of(FlowSession session) => new(session, (session.NodeCount, session.ArcCount));

    /// <summary>Reads a session that may have been edited since.</summary>
    public static SessionState Of(FlowSession session, (int Nodes, int Arcs) solved) => new(session, solved);

    /// <summary>Flow, potentials and basis as bytes, for a hash.</summary>
    public byte[] Bytes() => [.. MemoryMarshal.AsBytes<long>(_flow), .. MemoryMarshal.AsBytes<Int128>(_potentials), .. _basis];

    /// <summary>Asserts that nothing of a solve that found no optimum can be read.</summary>
    public static void AssertUnreadable(FlowSession session)
    {
        Assert.NotEqual(FlowStatus.Optimal, session.Result.Status);
        if (session.ArcCount > 0) Assert.Throws<InvalidOperationException>(() => session.Flow(0));
        if (session.NodeCount > 0) Assert.Throws<InvalidOperationException>(() => session.Potential(0));
        Assert.Throws<InvalidOperationException>(session.ToSolution);
        Assert.Throws<InvalidOperationException>(session.SaveBasis);
        Assert.Throws<InvalidOperationException>(() => session.Certify());
    }

    /// <summary>Asserts that another state is the same in every bit.</summary>
    public void AssertEquals(SessionState other, bool resultToo = true)
    {
        Assert.Equal(_flow, other._flow);
        Assert.Equal(_potentials, other._potentials);
        Assert.Equal(_basis, other._basis);
        if (resultToo) Assert.Equal(_result, other._result);
    }
}

namespace TrafficDispatch.Flow;

/// <summary>A session's state at one moment: network, edits, basis and result. Made by <see cref="FlowSession.Mark"/>.</summary>
/// <remarks>Holds about 40 bytes a node of a row and 100 a core node. May be undone to any number of times.</remarks>
public sealed class FlowMark
{
    internal FlowMark(FlowSession session) => Session = session;

    internal FlowSession Session { get; }

    internal Session.EditedNetwork? Edited { get; set; }

    internal Session.ISessionKernel? Kernel { get; set; }

    internal Session.ISessionKernel? State { get; set; }

    internal bool Wide { get; set; }

    internal SessionResult Result { get; set; }
}

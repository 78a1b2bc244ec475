using TrafficDispatch.Service.Publish;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>Leads with the same token until it is told to step down.</summary>
internal sealed class FixedLeadership(FencingToken? token) : ILeadership
{
    public FencingToken? Token { get; private set; } = token;

    public string Trouble => "";

    public CancellationToken TermEnds => CancellationToken.None;

    public void StepDown(FencingToken token) => Token = null;
}

using Grpc.AspNetCore.Server;

namespace TrafficDispatch.Service.Overload;

/// <summary>Judges the calls of connections. One for those that an endpoint takes, one for those beyond. Thread-safe.</summary>
/// <param name="shedding">What part is shed now.</param>
/// <param name="isSurplus">Whether its connections are more than the endpoint takes: they are told of health and nothing else.</param>
internal sealed class Admission(Shedding shedding, bool isSurplus) : ICallAdmission
{
    /// <summary>Whether its connections are more than the endpoint takes.</summary>
    public bool IsSurplus => isSurplus;

    /// <inheritdoc/>
    public CallRefusal? Judge() => Judge(CallClass.Usual);

    /// <summary>Judges a call of a class.</summary>
    public CallRefusal? Judge(CallClass kind)
    {
        if (kind == CallClass.Vital) return null;
        if (isSurplus) return shedding.Refuse(ShedReason.Connections);
        int share = shedding.Share;
        return share == 0 || (kind == CallClass.Usual && !shedding.Falls(share)) ? null : shedding.Refuse(ShedReason.QueueTime);
    }
}

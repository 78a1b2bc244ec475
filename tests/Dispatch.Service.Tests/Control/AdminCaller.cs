using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Control;

/// <summary>A caller of the admin plane with a token of its own.</summary>
internal sealed class AdminCaller : IDisposable
{
    private AdminCaller(GrpcChannel channel, string token) => (Channel, Headers) = (channel, token.Length > 0 ? [new("authorization", "Bearer " + token)] : []);

    public GrpcChannel Channel { get; }

    public Metadata Headers { get; }

    public Admin.AdminClient Client => new(Channel);

    /// <summary>With the token that the service wrote into its state folder.</summary>
    public static AdminCaller Of(TestService service, string state) => With(service, File.ReadAllText(Path.Combine(state, "admin.token")).Trim());

    /// <summary>With the token of a process.</summary>
    public static AdminCaller Of(Replicas.ReplicaProcess process) =>
        new(GrpcChannel.ForAddress(process.AdminUrl), File.ReadAllText(Path.Combine(process.State.Path, "admin.token")).Trim());

    public static AdminCaller With(TestService service, string token) => new(GrpcChannel.ForAddress(service.AdminUrl), token);

    public async Task<OverridesReply> Drain(string edge, string reason = "works", ulong seconds = 0) =>
        await Client.DrainAsync(new DrainRequest { Targets = { new AdminTarget { Kind = "edge", Id = edge } }, Reason = reason, ForSeconds = seconds, OnBehalfOf = "ana" }, Headers);

    public async Task<OverridesReply> Restore(string edge) =>
        await Client.RestoreAsync(new RestoreRequest { Targets = { new AdminTarget { Kind = "edge", Id = edge } } }, Headers);

    public async Task<FreezeReply> Freeze(string reason = "match", ulong seconds = 0) => await Client.FreezeAsync(new FreezeRequest { Reason = reason, ForSeconds = seconds }, Headers);

    public async Task<FreezeReply> Unfreeze() => await Client.UnfreezeAsync(new UnfreezeRequest(), Headers);

    public async Task<OverridesReply> Overrides() => await Client.ListOverridesAsync(new ListOverridesRequest(), Headers);

    public async Task<HistoryReply> History() => await Client.HistoryAsync(new HistoryRequest(), Headers);

    /// <summary>What a call is refused with; OK where it is not.</summary>
    public static async Task<Grpc.Core.Status> Refusal(Func<Task> call)
    {
        try
        {
            await call();
            return Grpc.Core.Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    public void Dispose() => Channel.Dispose();
}

using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>Reads a stream of updates as a client without our library would.</summary>
internal sealed class WatchReader(TestService service, WatchTableRequest request) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(service.GrpcUrl);
    private AsyncServerStreamingCall<TableUpdate>? _call;

    private AsyncServerStreamingCall<TableUpdate> Call => _call ??= new Routing.RoutingClient(_channel).WatchTable(request, new CallOptions(cancellationToken: _end.Token));

    /// <summary>Heartbeats so far.</summary>
    public int Beats { get; private set; }

    /// <summary>Beginnings so far.</summary>
    public int Begins { get; private set; }

    /// <summary>The next message.</summary>
    public async Task<TableUpdate> Message()
    {
        Assert.True(await Call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience), "the stream has ended");
        TableUpdate message = Call.ResponseStream.Current;
        Assert.InRange(message.CalculateSize(), 0, 64 * 1024);
        if (message.PartCase == TableUpdate.PartOneofCase.Alive) Beats++;
        if (message.PartCase == TableUpdate.PartOneofCase.Begin) Begins++;
        return message;
    }

    /// <summary>The next update that comes to its end.</summary>
    public async Task<WholeUpdate> Update()
    {
        List<TableUpdate> parts = [];
        while (parts is not [.., { PartCase: TableUpdate.PartOneofCase.End }])
        {
            TableUpdate message = await Message();
            if (message.PartCase == TableUpdate.PartOneofCase.Begin) parts.Clear();
            if (message.PartCase != TableUpdate.PartOneofCase.Alive) parts.Add(message);
        }
        return new(parts);
    }

    /// <summary>True where the stream begins; false where it finds no place.</summary>
    public async Task<bool> IsTaken()
    {
        try
        {
            return (await Message()).Begin is not null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }

    /// <summary>How the stream ends.</summary>
    public async Task<Grpc.Core.Status> Ending()
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await Message();
        });
        return e.Status;
    }

    public void Dispose()
    {
        _end.Cancel();
        _call?.Dispose();
        _channel.Dispose();
        _end.Dispose();
    }
}

/// <summary>An update from its beginning to its end.</summary>
internal sealed record WholeUpdate(List<TableUpdate> Parts)
{
    public UpdateBegin Begin => Parts[0].Begin;

    public OverlayState Overlay => Parts[^2].Overlay;

    public UpdateEnd End => Parts[^1].End;

    public TableRows Rows
    {
        get
        {
            TableRows all = new();
            foreach (TableRows rows in Parts.Where(static p => p.PartCase == TableUpdate.PartOneofCase.Rows).Select(static p => p.Rows)) all.MergeFrom(rows);
            return all;
        }
    }

    public int Ranges => Parts.Sum(static p => p.Prefixes?.Location.Count ?? 0);

    public ResumePoint Resume => new() { TableEpoch = Begin.TableEpoch, TableVersion = Begin.TableVersion, RowsHash = End.RowsHash, PrefixHash = End.PrefixHash };
}

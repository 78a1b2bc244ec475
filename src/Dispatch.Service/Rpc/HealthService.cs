using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TrafficDispatch.Service.Rpc;

/// <summary>The standard health service: holds the health of named services and tells it to those who ask or watch.</summary>
/// <remarks>
/// Thread-safe; register it as a singleton. It starts with the server as a whole (the empty name) serving. A watcher that
/// reads slowly misses intermediate changes, never the last one.
/// </remarks>
public sealed class HealthService : Grpc.Health.V1.Health.HealthBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal) { [string.Empty] = ServingStatus.Serving };
    private readonly Dictionary<string, HashSet<Channel<ServingStatus>>> _watchers = new(StringComparer.Ordinal);
    private bool _shutDown;

    /// <summary>Sets the health of a service, from now on known; the empty name means the whole server. O(watchers).</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_shutDown)
                return;
            _statuses[service] = status;
            Tell(service, status);
        }
    }

    /// <summary>Forgets a service: checks then answer NOT_FOUND, watchers are told SERVICE_UNKNOWN.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_statuses.Remove(service))
                Tell(service, ServingStatus.ServiceUnknown);
        }
    }

    /// <summary>Says NOT_SERVING for everything and ends the watches, which would hold a graceful stop up; final.</summary>
    public void Shutdown()
    {
        lock (_gate)
        {
            _shutDown = true;
            foreach (string service in _statuses.Keys.ToArray())
                _statuses[service] = ServingStatus.NotServing;
            foreach (Channel<ServingStatus> watcher in _watchers.Values.SelectMany(w => w))
                watcher.Writer.TryComplete();
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (_gate)
        {
            return _statuses.TryGetValue(request.Service, out ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, $"Unknown service '{request.Service}'."));
        }
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        lock (_gate)
        {
            foreach ((string service, ServingStatus status) in _statuses)
                response.Statuses.Add(service, new HealthCheckResponse { Status = status });
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context)
    {
        Channel<ServingStatus> changes = Subscribe(request.Service);
        try
        {
            ServingStatus? told = null;
            await foreach (ServingStatus status in changes.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (status != told)
                    await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
                told = status;
            }
        }
        finally
        {
            Unsubscribe(request.Service, changes);
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "The server is shutting down."));
    }

    private Channel<ServingStatus> Subscribe(string service)
    {
        // One place suffices: only the latest status matters.
        var changes = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            changes.Writer.TryWrite(_statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
            if (_shutDown)
                changes.Writer.TryComplete();
            if (!_watchers.TryGetValue(service, out HashSet<Channel<ServingStatus>>? watchers))
                _watchers[service] = watchers = [];
            watchers.Add(changes);
        }

        return changes;
    }

    private void Unsubscribe(string service, Channel<ServingStatus> changes)
    {
        lock (_gate)
        {
            HashSet<Channel<ServingStatus>> watchers = _watchers[service];
            watchers.Remove(changes);
            if (watchers.Count == 0)
                _watchers.Remove(service);
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        if (!_watchers.TryGetValue(service, out HashSet<Channel<ServingStatus>>? watchers))
            return;
        foreach (Channel<ServingStatus> watcher in watchers)
            watcher.Writer.TryWrite(status);
    }
}

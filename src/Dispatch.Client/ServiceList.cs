using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Client;

/// <summary>The services by address, a channel each, and which of them is in use. Thread-safe.</summary>
internal sealed class ServiceList : IDisposable
{
    private readonly Uri[] _addresses;
    private readonly GrpcChannel[] _channels;
    private readonly Routing.RoutingClient[] _clients;
    private int _current;

    public ServiceList(DispatchClientOptions options)
    {
        _addresses = [.. options.Addresses];
        _channels = [.. _addresses.Select(a => GrpcChannel.ForAddress(a, ChannelOptions(a, options)))];
        _clients = [.. _channels.Select(static c => new Routing.RoutingClient(c))];
    }

    public int Count => _addresses.Length;

    /// <summary>A service's address, counted from the one in use.</summary>
    public Uri Address(int after) => _addresses[At(after)];

    /// <summary>A service, counted from the one in use.</summary>
    public Routing.RoutingClient Routing(int after) => _clients[At(after)];

    /// <summary>Goes on to the next.</summary>
    public void Next() => Volatile.Write(ref _current, At(1));

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels) channel.Dispose();
    }

    private int At(int after) => (Volatile.Read(ref _current) + after) % _addresses.Length;

    private static GrpcChannelOptions ChannelOptions(Uri address, DispatchClientOptions options) => options.Transport is { } make
        ? new() { HttpHandler = make(address), DisposeHttpClient = true, TimeProvider = options.Time }
        : new() { TimeProvider = options.Time };
}

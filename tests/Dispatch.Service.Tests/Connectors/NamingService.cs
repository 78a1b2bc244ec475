namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>One service over the shipped world for all tests of DNS servers, with a socket for PowerDNS.</summary>
public sealed class NamingService : IAsyncLifetime, IDisposable
{
    private readonly StateDirectory _state = new();
    private TestService? _service;

    internal TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public string Socket => Path.Combine(_state.Path, "dns.sock");

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(ShippedWorld.Directory, _state.Path, null, [.. TestService.PlansAlone, $"PowerDns:Socket={Socket}",
            "Dns:Hosts=ns1.example.net=192.0.2.53,2001:db8::53;origin.example.net=192.0.2.80"]);
    }

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose() => _state.Dispose();
}

[CollectionDefinition(nameof(NamingService))]
public sealed class NamingCollection : ICollectionFixture<NamingService>;

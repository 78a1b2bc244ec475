using System.Net.Sockets;
using System.Text;
using TrafficDispatch.Service.Supervision;

namespace TrafficDispatch.Service.Tests.Supervision;

/// <summary>A datagram socket of the test stands for systemd.</summary>
public sealed class SupervisorTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly string _place;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public SupervisorTests()
    {
        _place = Path.Combine(_world.Directory, "notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(_place));
    }

    public void Dispose()
    {
        _systemd.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Process_UnderASupervisor_TellsThatItServesLivesAndEnds()
    {
        Dictionary<string, string> environment = new() { ["NOTIFY_SOCKET"] = _place, ["WATCHDOG_USEC"] = "200000" };
        await using ServiceProcess service = ServiceProcess.Start(environment, TestService.Arguments(_world.Directory, _state.Path));
        await Hears("READY=1");
        await Hears("STATUS=answers from table ");
        await Hears("WATCHDOG=1");
        await service.WaitFor("ask  ");
        service.Terminate();
        await Hears("STOPPING=1");
        Assert.Equal(0, await service.ExitCode());
    }

    [Fact]
    public void Tell_NobodyListens_IsNoFault()
    {
        using Supervisor gone = new(_place + ".gone"), none = new(null);
        Assert.True(gone.IsThere);
        gone.Tell("READY=1");
        Assert.False(none.IsThere);
        none.Tell("READY=1");
    }

    [Theory]
    [InlineData("30000000", 30.0)]
    [InlineData("1", 0.000001)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData(null, null)]
    public void Patience_WhatSystemdWrites_IsReadOrPassedOver(string? text, double? seconds) =>
        Assert.Equal(seconds, Supervisor.Patience(text)?.TotalSeconds);

    private async Task Hears(string text)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        byte[] buffer = new byte[4096];
        for (string told = ""; !told.Contains(text, StringComparison.Ordinal);)
            told = Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
    }
}

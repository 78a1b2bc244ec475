using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Replicas;

/// <summary>One of several processes that share a Redis.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromMilliseconds(20);

    private readonly StateDirectory _state;
    private readonly bool _ownsState;
    private readonly GrpcChannel _channel;

    private ReplicaProcess(ServiceProcess process, StateDirectory state, bool ownsState, GrpcChannel channel, string httpUrl) =>
        (Process, _state, _ownsState, _channel, HttpUrl) = (process, state, ownsState, channel, httpUrl);

    public ServiceProcess Process { get; }

    /// <summary>Where it keeps its tables.</summary>
    public StateDirectory State => _state;

    /// <summary>Where its pages and metrics are.</summary>
    public string HttpUrl { get; }

    /// <summary>Its gRPC endpoint.</summary>
    public GrpcChannel Channel => _channel;

    /// <summary>Starts a process and waits until it listens.</summary>
    public static async Task<ReplicaProcess> StartAsync(
        IEnumerable<string> settings, StateDirectory? state = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        StateDirectory folder = state ?? new StateDirectory();
        ServiceProcess process = ServiceProcess.Start(environment, [.. TestService.Arguments("/none", folder.Path), .. settings]);
        await process.WaitFor("Listening: ");
        GroupCollection urls = Regex.Match(process.Output, @"Listening: gRPC at (?<grpc>http://127\.0\.0\.1:\d+), pages at (?<http>http://127\.0\.0\.1:\d+), admin at (?<admin>http://127\.0\.0\.1:\d+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups;
        string url = urls["grpc"].Value;
        return new(process, folder, state is null, GrpcChannel.ForAddress(url), urls["http"].Value) { Url = url, AdminUrl = urls["admin"].Value };
    }

    /// <summary>Where its Admin endpoint is.</summary>
    public string AdminUrl { get; private init; } = "";

    /// <summary>Where its gRPC endpoint is.</summary>
    public string Url { get; private init; } = "";

    public async Task<StatusReply> StatusAsync() => await new Protocol.V1.Status.StatusClient(_channel).GetAsync(new StatusRequest());

    public async Task<ResolveReply> ResolveAsync() => await new Routing.RoutingClient(_channel).ResolveAsync(new() { ClientIp = "192.0.2.1" });

    /// <summary>Asks for the status until it is as wanted.</summary>
    /// <returns>The status and how long that took.</returns>
    public Task<(StatusReply Status, TimeSpan Took)> Until(Func<StatusReply, bool> isSo, string what) => Until(s => Task.FromResult(isSo(s)), what);

    /// <summary>Asks for the status until it, and what is asked besides, are as wanted.</summary>
    public async Task<(StatusReply Status, TimeSpan Took)> Until(Func<StatusReply, Task<bool>> isSo, string what)
    {
        long started = Stopwatch.GetTimestamp();
        StatusReply? last = null;
        using PeriodicTimer timer = new(Pause);
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            try
            {
                last = await StatusAsync();
                if (await isSo(last)) return (last, Stopwatch.GetElapsedTime(started));
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
            {
                Assert.Fail($"It no longer answers while waiting until {what}: {Process.Output}{Process.Errors}");
            }
            await timer.WaitForNextTickAsync();
        }
        Assert.Fail($"It did not come to be that {what}. Status: {last}\n{Process.Output}{Process.Errors}");
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
        if (_ownsState) _state.Dispose();
    }
}

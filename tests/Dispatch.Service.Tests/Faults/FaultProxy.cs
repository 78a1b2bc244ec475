using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>
/// Stands between a process and its redis-server and does what networks do: pass, delay, swallow, cut. It can also stop a process at an exact
/// step of its work, by the command that the process sends there. Thread-safe.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<FaultLink, Task> _links = new();
    private readonly int _target;
    private readonly Task _accepting;
    private Weather _weather = Weather.Fair;
    private Trap? _trap;
    private int _accepted;

    private FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Connections that were made so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The trap that is set; null for none.</summary>
    public Trap? Trap => Volatile.Read(ref _trap);

    public static FaultProxy Before(RedisServer server) => new(server.Port);

    /// <summary>Everything passes; what was held back goes on its way.</summary>
    public void Pass()
    {
        Interlocked.Exchange(ref _trap, null)?.Released.TrySetResult();
        Change(Weather.Fair);
    }

    /// <summary>Every chunk waits for so long, in both directions.</summary>
    public void Delay(TimeSpan chunk) => Change(new(chunk, IsOpen: true));

    /// <summary>Connections stand and can be made, but nothing passes: what is sent is held back, as by a network that sends it again later.</summary>
    public void BlackHole() => Change(new(TimeSpan.Zero, IsOpen: false));

    /// <summary>Those who are connected send into nothing for good, as after a machine in between has forgotten them; new connections are sound.</summary>
    public void ForgetConnections()
    {
        foreach (FaultLink link in _links.Keys) link.Forget();
    }

    /// <summary>Cuts every connection now.</summary>
    public void ResetAll()
    {
        foreach (FaultLink link in _links.Keys) link.Reset();
    }

    /// <summary>Sets a trap for a step: its command, and what follows it, stays here; or its command passes and the answers stay here.</summary>
    /// <returns>Ends when a process is caught.</returns>
    public Task Catch(Step step)
    {
        Trap trap = new(step);
        Volatile.Write(ref _trap, trap);
        return trap.Caught.Task;
    }

    /// <summary>Waits until the weather lets something through.</summary>
    public async Task ClearedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Weather now = Volatile.Read(ref _weather);
            if (now.IsOpen && now.Delay > TimeSpan.Zero) await Task.WhenAny(now.Over.Task, Task.Delay(now.Delay, TimeProvider.System, cancellation));
            if (now.IsOpen) return;
            await now.Over.Task.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Pass();
        await _accepting;
        ResetAll();
        await Task.WhenAll(_links.Values);
        _end.Dispose();
    }

    private void Change(Weather next) => Interlocked.Exchange(ref _weather, next).Over.TrySetResult();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                FaultLink link = new(this, client, _target);
                _links[link] = link.RunAsync(_end.Token).ContinueWith(_ => _links.TryRemove(link, out Task? _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    /// <summary>What the network does to everybody now.</summary>
    private sealed record Weather(TimeSpan Delay, bool IsOpen)
    {
        public static Weather Fair => new(TimeSpan.Zero, IsOpen: true);

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A step that a process is awaited at.</summary>
internal sealed class Trap(Step step)
{
    private int _seen;

    /// <summary>Ends when a process is caught.</summary>
    public TaskCompletionSource Caught { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it is let go.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True where the command passes and its answer does not.</summary>
    public bool Passes => step.Passes;

    public bool IsHitBy(ReadOnlySpan<byte> command) => step.Matches(command) && Interlocked.Increment(ref _seen) == step.Occurrence;
}

using System.Net;
using System.Net.Sockets;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>.</summary>
internal sealed class FaultLink(FaultProxy proxy, TcpClient client, int target) : IDisposable
{
    private readonly TcpClient _server = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly Lock _gate = new();
    private bool _isDisposed;
    private volatile bool _isForgotten;
    private volatile Trap? _holdsAnswers;

    /// <summary>Moves bytes until a side goes or the connection is cut.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(end, _cut.Token);
        Task answers = Task.CompletedTask;
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, target, both.Token);
            _server.NoDelay = client.NoDelay = true;
            answers = AnswersAsync(both.Token);
            await RequestsAsync(both.Token);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One side has gone, or was cut off.
        }
        finally
        {
            await both.CancelAsync();
            await answers;
            // As a reset: a plain end might be taken for a server that stops.
            client.Client.LingerState = new LingerOption(true, 0);
            Dispose();
        }
    }

    /// <summary>Cuts it.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (!_isDisposed) _cut.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        client.Dispose();
        _server.Dispose();
        _cut.Dispose();
    }

    /// <summary>Loses the server and does not tell the client.</summary>
    public void Forget()
    {
        _isForgotten = true;
        _server.Dispose();
    }

    private async Task RequestsAsync(CancellationToken cut)
    {
        await using RespReader reader = new(client.GetStream());
        while (await reader.ReadAsync(cut) is { Count: > 0 } commands)
        {
            await proxy.ClearedAsync(cut);
            foreach (byte[] command in commands)
            {
                if (proxy.Trap is { } trap && trap.IsHitBy(command)) await HoldAsync(trap, cut);
                if (!_isForgotten) await _server.GetStream().WriteAsync(command, cut);
            }
        }
    }

    private async Task HoldAsync(Trap trap, CancellationToken cut)
    {
        if (trap.Passes) _holdsAnswers = trap;
        else trap.Caught.TrySetResult();
        if (!trap.Passes) await trap.Released.Task.WaitAsync(cut);
    }

    private async Task AnswersAsync(CancellationToken cut)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await _server.GetStream().ReadAsync(buffer, cut)) > 0)
            {
                await proxy.ClearedAsync(cut);
                // Only when Redis has answered has it done what it was asked.
                if (_holdsAnswers is { } trap)
                {
                    trap.Caught.TrySetResult();
                    await trap.Released.Task.WaitAsync(cut);
                    _holdsAnswers = null;
                }
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), cut);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // As above.
        }
        if (!_isForgotten) Reset();
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}

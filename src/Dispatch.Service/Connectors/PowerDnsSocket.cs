using System.Collections.Concurrent;
using System.Net.Sockets;
using TrafficDispatch.Dns.PowerDns;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Connectors;

/// <summary>
/// PowerDNS' remote backend over a unix socket: a call a line, an answer a line, in order. A connection that sends a line longer than
/// <see cref="RemoteCall.MaxBytes"/> is closed, as is one that asks while there is no table; PowerDNS answers SERVFAIL and connects again.
/// </summary>
internal sealed class PowerDnsSocket(DnsDesk desk, DnsSettings settings, TimeProvider time, ILogger<PowerDnsSocket> logger) : IHostedService, IDisposable
{
    /// <summary>The setting that faults name first.</summary>
    public const string Setting = "PowerDns:Socket";

    // Whoever may connect may ask for every client's edges: the owner and the group of the folder's choice.
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    // Without a file descriptor left every attempt fails at once.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Socket, Task> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private bool _isFull;

    /// <summary>Opens the socket. A file that a process left behind is replaced.</summary>
    /// <exception cref="IOException">The socket cannot be had: another process listens there, the file is no socket, or the system says no.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Socket.Length == 0) return Task.CompletedTask;
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(settings.Socket);
            _listener.Bind(new UnixDomainSocketEndPoint(settings.Socket));
            // Before anybody can connect.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(settings.Socket, Mode);
            _listener.Listen(settings.Connections);
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException)
        {
            throw new IOException($"{Setting} is '{settings.Socket}': {e.Message}.", e);
        }
        _accepting = AcceptAsync(_listener);
        DnsLog.SocketOpen(logger, settings.Socket, settings.Connections);
        return Task.CompletedTask;
    }

    /// <summary>Closes all connections and takes the socket's file away.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        File.Delete(settings.Socket);
        await _accepting.WaitAsync(cancellationToken);
        await Task.WhenAll(_connections.Values).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private static void RemoveStale(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists) return;
        if (file.Length > 0) throw new IOException($"{Setting} is '{path}': there is a file that is no socket.");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            file.Delete();
            return;
        }
        throw new IOException($"{Setting} is '{path}': another process listens there.");
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) await AcceptOneAsync(listener);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The end of the service.
            DnsLog.SocketClosed(logger, e.Message);
        }
    }

    private async Task AcceptOneAsync(Socket listener)
    {
        try
        {
            Socket connection = await listener.AcceptAsync(_stop.Token);
            if (_connections.Count < settings.Connections) Serve(connection);
            else Refuse(connection);
        }
        catch (SocketException e)
        {
            DnsLog.SocketFailed(logger, e.Message);
            await Task.Delay(AfterFailure, time, _stop.Token);
        }
    }

    private void Refuse(Socket connection)
    {
        connection.Dispose();
        if (!_isFull) DnsLog.SocketFull(logger, settings.Connections);
        _isFull = true;
    }

    private void Serve(Socket connection)
    {
        _isFull = false;
        TaskCompletionSource served = new();
        _connections[connection] = served.Task;
        _ = ServeAsync(connection, served);
    }

    private async Task ServeAsync(Socket connection, TaskCompletionSource served)
    {
        try
        {
            await Task.Yield();
            await AnswerLinesAsync(connection);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            DnsLog.SocketClosed(logger, e.Message);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
            served.SetResult();
        }
    }

    private async Task AnswerLinesAsync(Socket connection)
    {
        byte[] buffer = new byte[RemoteCall.MaxBytes + 1];
        int held = 0;
        while (true)
        {
            int received = await connection.ReceiveAsync(buffer.AsMemory(held), _stop.Token);
            if (received == 0) return;
            held += received;
            int start = 0;
            while (buffer.AsSpan(start, held - start).IndexOf((byte)'\n') is >= 0 and int length)
            {
                if (!TryAnswer(buffer.AsSpan(start, length), out ReadOnlyMemory<byte> line)) return;
                while (line.Length > 0) line = line[await connection.SendAsync(line, _stop.Token)..];
                start += length + 1;
            }
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
            if (held == buffer.Length) return;
        }
    }

    private bool TryAnswer(ReadOnlySpan<byte> line, out ReadOnlyMemory<byte> answer)
    {
        if (!RemoteCall.TryRead(line, out RemoteCall? call)) call = new() { Method = RemoteMethod.Unknown };
        return desk.TryAnswer(call, DnsConnector.PowerDnsSocket, out answer);
    }
}

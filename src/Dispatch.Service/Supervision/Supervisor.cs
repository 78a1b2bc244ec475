using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TrafficDispatch.Service.Supervision;

/// <summary>The supervisor that started the process, if it wants to be told how the process is doing: sd_notify(3) of systemd. Thread-safe.</summary>
internal sealed class Supervisor : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _end;

    /// <summary>Opens the way there.</summary>
    /// <param name="place">What <c>NOTIFY_SOCKET</c> holds: a path, or a name that begins with <c>@</c>; null or empty for nobody.</param>
    public Supervisor(string? place)
    {
        if (string.IsNullOrEmpty(place)) return;
        // A name outside the file system is written with a zero byte in front.
        _end = new(place[0] == '@' ? "\0" + place[1..] : place);
        _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    }

    /// <summary>True where somebody listens.</summary>
    public bool IsThere => _socket is not null;

    /// <summary>How often it wants to hear that the process lives, at the least; null where it does not.</summary>
    /// <param name="microseconds">What <c>WATCHDOG_USEC</c> holds.</param>
    public static TimeSpan? Patience(string? microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value is > 0 and < long.MaxValue / 10 ? TimeSpan.FromMicroseconds(value) : null;

    /// <summary>Tells it something; never waits and never throws: a supervisor that does not listen is no reason to stop serving.</summary>
    /// <param name="lines">Assignments, one a line, for instance <c>READY=1</c>.</param>
    public void Tell(string lines)
    {
        if (_socket is null || _end is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(lines), SocketFlags.None, _end);
        }
        catch (SocketException)
        {
            // It has gone, or is too slow to listen; it judges by what it hears.
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();
}

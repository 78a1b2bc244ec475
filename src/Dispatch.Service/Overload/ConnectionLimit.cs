using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Overload;

/// <summary>Counts the connections of one endpoint and turns away those it has no room for. Thread-safe.</summary>
/// <param name="endpoint">Name of the endpoint.</param>
/// <param name="most">How many it takes.</param>
/// <param name="surplus">How many more it takes for nothing but health: whoever watches the process must learn that it is full, not that it is dead.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionLimit(string endpoint, int most, int surplus, TimeProvider time)
{
    private readonly Occasionally _telling = new(time, TimeSpan.FromSeconds(10));
    private readonly ConcurrentDictionary<ConnectionContext, bool> _running = new();
    private int _open;
    private long _refused;

    /// <summary>Name of the endpoint.</summary>
    public string Endpoint => endpoint;

    /// <summary>Connections open, surplus ones among them.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections that were closed as soon as they came.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Has the connections of an endpoint counted.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="run">Runs a connection that may stay; told whether it is a surplus one.</param>
    /// <param name="log">Where refusals are told.</param>
    public void Apply(ListenOptions listen, Func<ConnectionContext, bool, ConnectionDelegate, Task> run, ILogger log) => listen.Use(next => async connection =>
    {
        int open = Interlocked.Increment(ref _open);
        try
        {
            if (open <= most + surplus)
            {
                _running[connection] = true;
                await run(connection, open > most, next);
                return;
            }
            Interlocked.Increment(ref _refused);
            if (_telling.IsDue(out long before)) OverloadLog.ConnectionRefused(log, endpoint, most, before);
            connection.Abort(new ConnectionAbortedException(string.Create(CultureInfo.InvariantCulture, $"The {endpoint} endpoint takes {most} connections.")));
        }
        finally
        {
            _running.TryRemove(connection, out _);
            Interlocked.Decrement(ref _open);
        }
    });

    /// <summary>Cuts all connections.</summary>
    /// <returns>How many.</returns>
    public int Cut(string reason)
    {
        int cut = 0;
        foreach (ConnectionContext connection in _running.Keys)
        {
            connection.Abort(new ConnectionAbortedException(reason));
            cut++;
        }
        return cut;
    }
}

using System.Net;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// The connection that all stores of a process share. It comes back by itself; calls while it is broken fail at once. Thread-safe.
/// </summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly RedisTrust? _trust;
    private readonly TimeProvider _time;
    private readonly Secret? _password;
    private readonly Lock _gate = new();
    private SentinelWatch? _sentinels;
    private ConnectionMultiplexer _multiplexer;
    private volatile bool _isDenied;
    private long _failures;
    private string _lastError = "";
    private DateTimeOffset? _lastErrorAt;

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisSettings settings, RedisTrust? trust, TimeProvider time)
    {
        (_multiplexer, Settings, _trust, _time, _password) = (multiplexer, settings, trust, time, settings.Password);
        Keys = new RedisKeys(settings.Prefix);
        Wire(multiplexer);
    }

    private void Wire(ConnectionMultiplexer multiplexer)
    {
        multiplexer.ConnectionFailed += (_, e) => Note($"{Name(e.EndPoint)}: {e.FailureType}{(e.Exception is { } x ? ": " + x.Message : "")}");
        multiplexer.ErrorMessage += (_, e) => Note($"{Name(e.EndPoint)}: {e.Message}");
    }

    /// <summary>How it was opened.</summary>
    public RedisSettings Settings { get; }

    /// <summary>How it stands now.</summary>
    public ConnectionReport Report
    {
        get
        {
            lock (_gate) return new(_multiplexer.IsConnected, string.Join(',', Settings.Endpoints), _failures, _lastError, _lastErrorAt);
        }
    }

    internal RedisKeys Keys { get; }

    /// <summary>Opens the connection. Where Redis cannot be reached now it is opened all the same and tries again in the background.</summary>
    /// <param name="settings">Settings without faults.</param>
    /// <param name="time">The clock that failures are dated by.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    /// <exception cref="StoreUnavailableException">A name cannot be resolved, or the CA file cannot be used.</exception>
    public static async Task<RedisConnection> OpenAsync(RedisSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (settings.Faults() is [string fault, ..]) throw new ArgumentException(fault, nameof(settings));
        RedisTrust? trust = settings.CaFile is { } file ? RedisTrust.Load(file) : null;
        try
        {
            ConfigurationOptions options = RedisOptions.ForData(settings, trust);
            // What happens before the events can be listened to is only told to this log. It is not closed: tries in the background may outlive the wait.
            StringWriter log = new();
            ConnectionMultiplexer multiplexer =
                await ConnectionMultiplexer.ConnectAsync(options, log).WaitAsync(RedisOptions.LongestOpening(settings), time, cancellation).ConfigureAwait(false);
            RedisConnection connection = new(multiplexer, settings, trust, time);
            if (!multiplexer.IsConnected) connection.Note($"no node could be used when the connection was opened: {Faults(log)}");
            if (!settings.Sentinels.IsEmpty) connection._sentinels = SentinelWatch.Start(settings, trust, connection);
            return connection;
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            throw RedisFailure.Of(e, string.Join(',', settings.Endpoints));
        }
    }

    /// <summary>Makes one call, within the time a call may take.</summary>
    /// <exception cref="StoreUnavailableException">There was no answer, or a refusal.</exception>
    internal async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            // The library's own tasks never time out.
            T answer = await call(_multiplexer.GetDatabase()).WaitAsync(Settings.CallTimeout, _time, cancellation).ConfigureAwait(false);
            Heard();
            // Not when a connection is restored: the library takes one for restored before the server has refused its password.
            _isDenied = false;
            return answer;
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            throw Noted(e);
        }
    }

    /// <summary>Runs a script.</summary>
    internal async Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellation) =>
        await CallAsync(db => db.ScriptEvaluateAsync(script, keys, values), cancellation).ConfigureAwait(false);

    /// <summary>Looks at all nodes again to find the primary, as after a failover.</summary>
    internal async Task ReconfigureAsync()
    {
        try
        {
            await _multiplexer.ConfigureAsync(TextWriter.Null).WaitAsync(RedisOptions.LongestOpening(Settings), _time).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            Note(RedisFailure.Of(e, string.Join(',', Settings.Endpoints)).Message);
        }
    }

    /// <summary>Notes a failure. The library never puts passwords into its messages; should one do so, it is taken out here.</summary>
    internal void Note(string error)
    {
        if (_password is { } secret) error = error.Replace(secret.Value, _password.ToString(), StringComparison.Ordinal);
        if (RedisFailure.IsDenial(error)) _isDenied = true;
        lock (_gate) (_failures, _lastError, _lastErrorAt) = (_failures + 1, error, _time.GetUtcNow());
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        if (_sentinels is { } watch) await watch.DisposeAsync().ConfigureAwait(false);
        await _multiplexer.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        _multiplexer.Dispose();
    }

    private StoreUnavailableException Noted(Exception error)
    {
        StoreUnavailableException failure = RedisFailure.Of(error, string.Join(',', Settings.Endpoints));
        Note(failure.Message);
        Judge(failure.Trouble, failure.Message);
        // The library only says that there is no connection where the server refused the password a moment before.
        return failure.Trouble == StoreTrouble.Unreachable && _isDenied ? RedisFailure.Denied(string.Join(',', Settings.Endpoints), error) : failure;
    }

    /// <summary>The lines of the library's log that say what went wrong.</summary>
    private static string Faults(StringWriter log) => string.Join("; ", log.ToString().Split('\n', StringSplitOptions.TrimEntries)
        .Where(static line => line.Contains(" faulted: ", StringComparison.Ordinal) || line.Contains("NOAUTH", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal));

    private static string Name(EndPoint? endpoint) => endpoint?.ToString() ?? "Redis";
}

namespace TrafficDispatch.Client;

/// <summary>
/// Keeps the part of the routing table that it was told to, decides from it as the service does, asks the service for the rest, and goes on with
/// what it has while no service can be had. Thread-safe; one for a process is enough.
/// </summary>
/// <example>
/// <code>
/// DispatchClientOptions options = new() { Addresses = { new("http://127.0.0.1:5051") } };
/// await using DispatchClient client = DispatchClient.Start(options);
/// ClientAnswer answer = await client.ResolveAsync(ClientQuestion.OfAddress(ClientAddress.Parse("81.2.69.160")) with { Service = "live" });
/// </code>
/// </example>
public sealed class DispatchClient : IAsyncDisposable
{
    private readonly DispatchClientOptions _options;
    private readonly ServiceList _services;
    private readonly TableHolding _holding;
    private readonly RemoteAnswers _remote;
    private readonly TableSaver? _saver;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private int _disposed;

    private DispatchClient(DispatchClientOptions options)
    {
        _options = options;
        _services = new(options);
        _holding = new(options.Time);
        _remote = new(_services, options);
        if (options.TablePath is { } path)
        {
            _saver = new(path, options);
            if (_saver.Load() is { } table) _holding.Load(table);
            _holding.Changed += (_, _) => _saver.Save(_holding.Table!);
        }
        _holding.Changed += (_, _) => Changed?.Invoke(this, EventArgs.Empty);
        _following = Task.Run(() => new TableFollower(_services, options, _holding).RunAsync(_stop.Token));
    }

    /// <summary>The table in force, swapped as a whole; null where there is none yet. Immutable: hold it for the length of a request.</summary>
    public DispatchTable? Table => _holding.Table;

    /// <summary>How current it is.</summary>
    public TableState State => _holding.State;

    /// <summary>Time since a service last said that the table is current; null where none has since the start.</summary>
    public TimeSpan? Age => _holding.Age;

    /// <summary>Raised after a new table or overlay came in force, on a thread of the client: do not keep it.</summary>
    public event EventHandler? Changed;

    /// <summary>Starts to follow. Returns at once, with the last good table where there is a file of it.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names everything that is.</exception>
    public static DispatchClient Start(DispatchClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Faults() is { Length: > 0 } faults) throw new ArgumentException(faults, nameof(options));
        return new(options);
    }

    /// <summary>Waits until a service has sent the table once.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the client disposed.</exception>
    public Task<DispatchTable> WaitForTableAsync(CancellationToken cancellation = default) => _holding.First.WaitAsync(cancellation);

    /// <summary>
    /// Answers from the table; where that does not hold the client or a name, from a service within <see cref="DispatchClientOptions.ResolveTimeout"/>.
    /// Nothing is awaited where the table answers.
    /// </summary>
    /// <returns>The answer; where there is none its source is <see cref="AnswerSource.None"/> and its fault says why.</returns>
    /// <exception cref="ArgumentException">A number of the question is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ValueTask<ClientAnswer> ResolveAsync(ClientQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Fault() is { Length: > 0 } fault) throw new ArgumentException(fault, nameof(question));
        (TableState state, TimeSpan? age) = (State, Age);
        if (Table is { } table && MayAnswer(state, age) && LocalAnswers.Of(table, question, state, age) is { } answer) return ValueTask.FromResult(answer);
        return new(_remote.AskAsync(question, state, age, cancellation));
    }

    /// <summary>Stops to follow, keeps the last good table in its file, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        await _following;
        _holding.Close();
        _saver?.SaveNow(_holding.Table);
        _services.Dispose();
        _stop.Dispose();
    }

    // A table from the file has no age: nobody knows how long it lay there.
    private bool MayAnswer(TableState state, TimeSpan? age) =>
        state == TableState.Fresh || _options.RefuseAfter is not { } most || age <= most;
}

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Lets one at a time use the book, in the order they came: whoever makes facts of it in many short turns must not shut out whoever folds.
/// Thread-safe; not to be entered twice by one thread.
/// </summary>
internal sealed class BookGate
{
    private readonly object _order = new();
    private long _next, _served;

    /// <summary>Runs a short piece of work while nobody else uses the book.</summary>
    public void Run(Action work)
    {
        Enter();
        try
        {
            work();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The same for work that gives something.</summary>
    public T Run<T>(Func<T> work)
    {
        Enter();
        try
        {
            return work();
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        lock (_order)
        {
            long mine = _next++;
            while (mine != _served) Monitor.Wait(_order);
        }
    }

    private void Leave()
    {
        lock (_order)
        {
            _served++;
            Monitor.PulseAll(_order);
        }
    }
}

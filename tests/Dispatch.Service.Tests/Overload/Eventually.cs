namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>Waits for what the service does on threads of its own and says nothing of.</summary>
internal static class Eventually
{
    /// <summary>Ends when it holds.</summary>
    /// <exception cref="OperationCanceledException">It did not in time.</exception>
    public static async Task Holds(Func<bool> isSo, CancellationToken patience)
    {
        while (!isSo())
        {
            patience.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

using TrafficDispatch.Client;

namespace TrafficDispatch.Service.Tests.Client;

/// <summary>Waits for what a client comes to, by its own events.</summary>
internal static class ClientWaits
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Ends when something holds of the client; looked at after each change.</summary>
    public static async Task Reaches(this DispatchClient client, Func<DispatchTable, bool> holds)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Changed += Look;
        Look(null, EventArgs.Empty);
        await reached.Task.WaitAsync(Patience);
        client.Changed -= Look;

        void Look(object? sender, EventArgs e)
        {
            if (client.Table is { } table && holds(table)) reached.TrySetResult();
        }
    }

    /// <summary>Options to follow services, with short pauses.</summary>
    public static DispatchClientOptions Following(params TestService[] services)
    {
        DispatchClientOptions options = new() { LeastBackoff = TimeSpan.FromMilliseconds(5), MostBackoff = TimeSpan.FromMilliseconds(50), ResolveTimeout = TimeSpan.FromSeconds(10) };
        foreach (TestService service in services) options.Addresses.Add(new(service.GrpcUrl));
        return options;
    }
}

/// <summary>What a client complains about, to wait for.</summary>
internal sealed class Troubles
{
    private readonly List<string> _heard = [];
    private readonly List<(string Words, TaskCompletionSource Heard)> _waits = [];

    public void Hear(string words)
    {
        lock (_heard)
        {
            _heard.Add(words);
            foreach ((string wanted, TaskCompletionSource heard) in _waits)
                if (words.Contains(wanted, StringComparison.Ordinal)) heard.TrySetResult();
        }
    }

    public Task Heard(string words)
    {
        lock (_heard)
        {
            TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((words, heard));
            if (_heard.Exists(h => h.Contains(words, StringComparison.Ordinal))) heard.TrySetResult();
            return heard.Task.WaitAsync(ClientWaits.Patience);
        }
    }
}

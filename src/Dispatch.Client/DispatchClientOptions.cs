using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>How a <see cref="DispatchClient"/> follows and what it holds. Read once, when the client starts.</summary>
public sealed class DispatchClientOptions
{
    /// <summary>Addresses of the services' Grpc endpoints, for instance <c>http://127.0.0.1:5051</c>; at least one. The next is tried where one fails.</summary>
    public IList<Uri> Addresses { get; } = [];

    /// <summary>Which part of the table to hold; default <see cref="TableSelection.Everything"/>.</summary>
    public TableSelection Selection { get; set; } = TableSelection.Everything;

    /// <summary>Longest time that a question to the service may take, above 0; default 500 ms.</summary>
    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time until a service begins to send the table, above 0; default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the first failure, above 0; it doubles with every further one. Half of it is left to chance. Default 200 ms.</summary>
    public TimeSpan LeastBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause between attempts, at least <see cref="LeastBackoff"/>; default 10 s.</summary>
    public TimeSpan MostBackoff { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the table may go unheard of before it decides no more, at least 0; null (default) for never: the last good table answers for as long as
    /// no service can be had.
    /// </summary>
    public TimeSpan? RefuseAfter { get; set; }

    /// <summary>Where the last good table is kept over a restart; null (default) for nowhere. One process each.</summary>
    public string? TablePath { get; set; }

    /// <summary>Least time between two writes of that file, at least 0; default 10 s.</summary>
    public TimeSpan SaveEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes the transport to an address, for instance one with its own TLS rules; it is disposed with the client. Null (default) for the usual one.</summary>
    public Func<Uri, HttpMessageHandler>? Transport { get; set; }

    /// <summary>The clock; default the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Hears of failures that the client lives with: what failed, in a sentence. Called on a thread of the client, must not throw; default null.</summary>
    public Action<string>? OnTrouble { get; set; }

    /// <summary>Everything that is out of its range; empty where nothing is.</summary>
    internal string Faults()
    {
        List<string> faults = [];
        if (Addresses.Count == 0) faults.Add("Addresses must name one service at least.");
        foreach (Uri address in Addresses)
            if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")) faults.Add($"Addresses: '{address}' must be an absolute http or https address.");
        if (Selection is null || Selection.Regions.IsDefault || Selection.Services.IsDefault) faults.Add("Selection must be given, with lists that may be empty.");
        foreach ((string name, TimeSpan value) in (ReadOnlySpan<(string, TimeSpan)>)[(nameof(ResolveTimeout), ResolveTimeout), (nameof(ConnectTimeout), ConnectTimeout), (nameof(LeastBackoff), LeastBackoff)])
            if (value <= TimeSpan.Zero) faults.Add($"{name} is {value}: must be above 0.");
        if (MostBackoff < LeastBackoff) faults.Add($"MostBackoff is {MostBackoff}: must be at least LeastBackoff, {LeastBackoff}.");
        if (RefuseAfter < TimeSpan.Zero) faults.Add($"RefuseAfter is {RefuseAfter}: must be at least 0.");
        if (SaveEvery < TimeSpan.Zero) faults.Add($"SaveEvery is {SaveEvery}: must be at least 0.");
        return string.Join(" ", faults);
    }
}

namespace TrafficDispatch.Measure;

/// <summary>What of a book is written or merged.</summary>
[Flags]
public enum BookKinds
{
    /// <summary>Nothing but how many batches and samples there were, and when they were taken.</summary>
    None = 0,

    /// <summary>What is counted of paths: round trips, loss, throughput. Gone after five half-lives.</summary>
    Paths = 1,

    /// <summary>What edges carry by their reports. Gone after <see cref="MeasureSettings.LoadLife"/>.</summary>
    Loads = 2,

    /// <summary>Where the clients of resolvers are.</summary>
    Resolvers = 4,

    /// <summary>The levels that demand is forecast from.</summary>
    Levels = 8,

    /// <summary>What samples leave in a book: what a worker hands on.</summary>
    Part = Paths | Loads | Resolvers,

    /// <summary>What lives on long after its samples: what is kept over restarts.</summary>
    Lasting = Resolvers | Levels,
}

/// <summary>Runs a short piece of work while nobody else uses the book: between two of them others may.</summary>
/// <param name="work">Runs before the call comes back.</param>
public delegate void BookTurn(Action work);

namespace Grpc.AspNetCore.Server;

/// <summary>The raw unary methods that may be answered below the request pipeline, by path. Thread-safe.</summary>
/// <remarks>Few by nature: a search through them costs less than a hash of the path.</remarks>
internal sealed class DirectCalls
{
    private readonly Lock _adding = new();
    private DirectCall[] _calls = [];

    /// <summary>Adds a method; its path must not be there yet.</summary>
    public void Add(DirectCall call)
    {
        lock (_adding)
            Volatile.Write(ref _calls, [.. _calls, call]);
    }

    /// <summary>The method of a path, null where it is not answered here.</summary>
    public DirectCall? Find(string path)
    {
        foreach (DirectCall call in Volatile.Read(ref _calls))
        {
            if (string.Equals(call.Path, path, StringComparison.Ordinal))
                return call;
        }

        return null;
    }
}

using System.Text;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>A step of a process's work, told by a command that it sends to Redis: the n-th that holds all of these texts.</summary>
/// <param name="Name">What the step is, for messages.</param>
/// <param name="Occurrence">Which of the commands that match, from 1.</param>
/// <param name="Passes">True where the command reaches Redis and only its answer is held back.</param>
/// <param name="Texts">What the command holds.</param>
internal sealed record Step(string Name, int Occurrence, bool Passes, params string[] Texts)
{
    private readonly byte[][] _texts = [.. Texts.Select(Encoding.UTF8.GetBytes)];

    public bool Matches(ReadOnlySpan<byte> command)
    {
        foreach (byte[] text in _texts)
            if (command.IndexOf(text) < 0) return false;
        return true;
    }

    public override string ToString() => Name;
}

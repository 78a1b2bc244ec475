using System.Globalization;
using System.Text;

namespace TrafficDispatch.State.Files;

/// <summary>The last announcement of each topic as a file; listeners look every second.</summary>
internal sealed class FileAnnouncements(StateFiles files, TimeProvider time) : IAnnouncements
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Makes an announcement; to be called alone, after what it speaks of is stored.</summary>
    /// <returns>Its sequence.</returns>
    public long Announce(Topic topic, string? text)
    {
        long sequence = Last(topic).Sequence + 1;
        files.Write(NameOf(topic), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sequence} {text ?? sequence.ToString(CultureInfo.InvariantCulture)}")));
        return sequence;
    }

    /// <summary>The last announcement of a topic.</summary>
    public Announcement Last(Topic topic)
    {
        string[] parts = Encoding.UTF8.GetString(files.Read(NameOf(topic)) ?? []).Split(' ', 2);
        bool isOne = long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) & parts.Length == 2;
        return isOne ? new(topic, sequence, parts[1]) : new(topic, 0, "");
    }

    /// <inheritdoc/>
    public Task<Announcement> LatestAsync(Topic topic, CancellationToken cancellation) => Task.FromResult(Last(topic));

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(Action<Announcement> heard, CancellationToken cancellation) =>
        Task.FromResult<IAsyncDisposable>(new Subscription(this, heard, time));

    private static string NameOf(Topic topic) => $"announced-{topic.ToString().ToLowerInvariant()}";

    private sealed class Subscription : IAsyncDisposable
    {
        private readonly FileAnnouncements _source;
        private readonly Action<Announcement> _heard;
        private readonly Lock _gate = new();
        private readonly Dictionary<Topic, long> _seen;
        private readonly ITimer _timer;

        public Subscription(FileAnnouncements source, Action<Announcement> heard, TimeProvider time)
        {
            (_source, _heard) = (source, heard);
            _seen = Enum.GetValues<Topic>().ToDictionary(static t => t, t => source.Last(t).Sequence);
            _timer = time.CreateTimer(_ => LookAround(), null, Look, Look);
        }

        public ValueTask DisposeAsync() => _timer.DisposeAsync();

        private void LookAround()
        {
            // A look that takes longer than the pause is not overtaken by the next.
            if (!_gate.TryEnter()) return;
            try
            {
                foreach (Topic topic in Enum.GetValues<Topic>())
                {
                    Announcement last = _source.Last(topic);
                    if (last.Sequence == _seen[topic]) continue;
                    _seen[topic] = last.Sequence;
                    _heard(last);
                }
            }
            catch (StoreUnavailableException)
            {
                // An announcement may be late: the next look tries again, and whoever polls is told of the fault.
            }
            finally
            {
                _gate.Exit();
            }
        }
    }
}

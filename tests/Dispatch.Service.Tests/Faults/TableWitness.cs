using System.Collections.Concurrent;
using System.Globalization;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>
/// Asks processes all the time, and holds against each other what all of them ever said: each always answers, versions never go back, and a
/// version means the same content everywhere and for ever. Thread-safe.
/// </summary>
internal sealed class TableWitness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<(ulong Epoch, ulong Number), string> _contents = new();
    private readonly ConcurrentDictionary<(ulong Epoch, ulong Number), uint> _ttls = new();
    private readonly ConcurrentDictionary<ReplicaProcess, (CancellationTokenSource End, Task<int> Asking)> _watches = new();
    private readonly List<string> _folders = [];

    /// <summary>Versions that were seen in force anywhere.</summary>
    public int Versions => _contents.Count;

    /// <summary>A witness of processes, once each of them is ready.</summary>
    public static async Task<TableWitness> OfAsync(params ReplicaProcess[] processes)
    {
        TableWitness witness = new();
        foreach (ReplicaProcess process in processes)
        {
            await process.Until(static s => s.State == "ready", "it serves");
            witness.Watch(process);
        }
        return witness;
    }

    /// <summary>Begins to ask a process that has a table.</summary>
    public void Watch(ReplicaProcess process)
    {
        CancellationTokenSource end = new();
        lock (_folders) _folders.Add(process.State.Path);
        _watches[process] = (end, Task.Run(() => AskAsync(process, end.Token)));
    }

    /// <summary>Stops asking a process, which is about to be ended; all that it said so far must have been right.</summary>
    /// <returns>How often it was asked.</returns>
    public async Task<int> LeaveAsync(ReplicaProcess process)
    {
        if (!_watches.TryRemove(process, out (CancellationTokenSource End, Task<int> Asking) watch)) return 0;
        await watch.End.CancelAsync();
        int asked = await watch.Asking;
        watch.End.Dispose();
        return asked;
    }

    /// <summary>Stops asking. Everything must have been right, also what lies on the processes' disks.</summary>
    public async Task EndAsync()
    {
        foreach (ReplicaProcess process in _watches.Keys) Assert.True(await LeaveAsync(process) > 0);
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        lock (_folders)
        {
            foreach (string file in _folders.Distinct(StringComparer.Ordinal).SelectMany(static f => Directory.GetFiles(f, "table-*.tdt")))
            {
                byte[] bytes = File.ReadAllBytes(file);
                if (!files.TryAdd(Path.GetFileName(file), bytes)) Assert.True(bytes.AsSpan().SequenceEqual(files[Path.GetFileName(file)]), $"{file} differs from the file of this version elsewhere");
            }
        }
        Assert.NotEmpty(files);
    }

    private async Task<int> AskAsync(ReplicaProcess process, CancellationToken end)
    {
        (ulong Epoch, ulong Number) highest = default;
        int asked = 0;
        using PeriodicTimer timer = new(Pause);
        // At least once, also where the end comes with the beginning.
        do
        {
            ResolveReply reply = await process.ResolveAsync();
            Assert.NotEmpty(reply.Edges);
            Assert.Equal("FR-01", reply.RegionId);
            Rises((reply.TableEpoch, reply.TableVersion));
            Agree(_ttls, (reply.TableEpoch, reply.TableVersion), reply.Ttl);
            StatusReply status = await process.StatusAsync();
            Rises((status.TableEpoch, status.TableVersion));
            Agree(_contents, (status.TableEpoch, status.TableVersion), status.ContentHash);
            Assert.True(status.TableAgeSeconds >= 0 && (status.Replica is null || status.Replica.HeardSecondsAgo >= 0), $"an age is negative: {status}");
            asked++;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        while (!end.IsCancellationRequested);
        return asked;

        void Rises((ulong Epoch, ulong Number) version)
        {
            Assert.True(version.CompareTo(highest) >= 0, $"{highest} was in force before {version}");
            highest = version;
        }
    }

    private static void Agree<T>(ConcurrentDictionary<(ulong Epoch, ulong Number), T> known, (ulong Epoch, ulong Number) version, T said)
        where T : notnull =>
        Assert.True(known.GetOrAdd(version, said).Equals(said), string.Create(CultureInfo.InvariantCulture, $"version {version} is {known[version]} in one place and {said} in another"));
}

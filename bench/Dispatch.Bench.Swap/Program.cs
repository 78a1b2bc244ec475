using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Service;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

// The service with a new table every second for as long as a file is there: what a replica does that is told of one, from its file through
// every check to the swap, on a thread below those that serve. Each table has another version than the one before it.
// usage: Dispatch.Bench.Swap FILE [SETTINGS…]; each line of standard output tells tables swapped, what one took, and bytes alive after a collection.
string marker = args[0];
await using ServiceApplication service = ServiceApplication.Create(args[1..], TimeProvider.System, Console.Error) ?? throw new InvalidOperationException("settings");
if (!service.TryPrepare(Console.Error)) return ServiceApplication.BadInput;
var holder = service.Parts.GetRequiredService<TableHolder>();
TaskCompletionSource first = new();
holder.Swapped += (_, _) =>
{
    if (holder.Current!.Failures.State == FailureState.Made) first.TrySetResult();
};
await service.StartAsync();
await first.Task;
string[] files = [.. Enumerable.Range(1, 60).Select(Written)];
Console.WriteLine("ready");
Thread swapping = new(Swap) { IsBackground = true, Name = "replica" };
swapping.Start();
swapping.Join();
return 0;

string Written(int n)
{
    string file = $"{marker}.{n}";
    using FileStream to = File.Create(file);
    TableVersion now = holder.Current!.Table.Version;
    RoutingTableCodec.Write(holder.Current.Table.With(new(now.Epoch, now.Number + n)), to);
    return file;
}

void Swap()
{
    if (!SolverPriority.Lower(out int error)) throw new InvalidOperationException($"priority: error {error}");
    using AutoResetEvent due = new(false);
    using Timer timer = new(static d => ((AutoResetEvent)d!).Set(), due, 1000, 1000);
    TimeSpan spent = TimeSpan.Zero;
    for (int swaps = 0, told = 0; due.WaitOne();)
    {
        if (File.Exists(marker))
        {
            long started = Stopwatch.GetTimestamp();
            byte[] bytes = File.ReadAllBytes(files[swaps++ % files.Length]);
            if (!RoutingTableCodec.TryRead(bytes, out RoutingTable? next, out string fault)) throw new InvalidDataException(fault);
            holder.Swap(holder.Current! with { Table = next });
            spent += Stopwatch.GetElapsedTime(started);
        }
        else if (swaps > told)
        {
            (told, long alive) = (swaps, GC.GetTotalMemory(forceFullCollection: true));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"swaps {swaps}, {spent.TotalMilliseconds / swaps:F1} ms each, {new FileInfo(files[0]).Length} B a table, {alive} B alive"));
        }
    }
}

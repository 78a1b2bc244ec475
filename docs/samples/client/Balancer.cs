using TrafficDispatch.Client;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace Samples;

/// <summary>What a load balancer does with the client: keep the table, decide for each request, say how good the answer is.</summary>
internal static class Balancer
{
    public static async Task<int> RunAsync(string service, string[] clients, TextWriter output)
    {
        DispatchClientOptions options = new()
        {
            Addresses = { new Uri(service) },
            OnTrouble = words => output.WriteLine($"trouble: {words}"),
        };
        await using DispatchClient client = DispatchClient.Start(options);
        DispatchTable table = await client.WaitForTableAsync();
        await output.WriteLineAsync($"table {table.Version}: {table.Routing.Content.Regions.Length} regions, {table.Routing.Content.EdgeCount} edges");

        foreach (string address in clients)
        {
            ClientQuestion question = ClientQuestion.OfAddress(ClientAddress.Parse(address)) with { Service = "live", SessionKey = "viewer-4711" };
            ClientAnswer answer = await client.ResolveAsync(question);
            await output.WriteLineAsync($"{address} -> {string.Join(", ", answer.Edges.Select(e => e.Id))} by the {answer.Source} ({answer.State})");
            await output.WriteLineAsync($"  {answer.Why}{answer.Fault}");
        }
        await output.WriteLineAsync($"without allocation: {Decide(client.Table!, clients[0])}");
        return 0;
    }

    // The hot path: no answer is made, nothing is allocated, no lock is taken.
    private static string Decide(DispatchTable table, string address)
    {
        Span<EdgeShare> ranked = stackalloc EdgeShare[3];
        DecisionRequest request = DecisionRequest.ForAddress(table.ServiceOrdinal("live"), ClientAddress.Parse(address));
        return table.TryDecide(request, ranked, out Decision decision) && decision.Count > 0
            ? table.Routing.Content.Edges[ranked[0].Edge].Id
            : "ask the service";
    }
}

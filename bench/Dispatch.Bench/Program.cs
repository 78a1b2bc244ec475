using BenchmarkDotNet.Running;
using TrafficDispatch.Bench;

// dotnet run -c Release --project bench/Dispatch.Bench -- lookup [FOLDER]     plain medians beside libmaxminddb
// dotnet run -c Release --project bench/Dispatch.Bench -- warm FILE.min [--cases N]     re-solves of a flow session; a table
// dotnet run -c Release --project bench/Dispatch.Bench -- sweep FILE.min [--threads N] [--certify true|false]     every edge fails once
// dotnet run -c Release --project bench/Dispatch.Bench -- n1 dispatch-L.min [--threads N]     every edge fails once, bounds yield
// dotnet run -c Release --project bench/Dispatch.Bench -- sensitivity FILE.min [--cases N]     questions about an optimum
// dotnet run -c Release --project bench/Dispatch.Bench -- model [GROUPS EDGES [ROUNDS]]     features of the dispatch model beside the plain problem
// dotnet run -c Release --project bench/Dispatch.Bench -- whatif [GROUPS EDGES [ROUNDS [sweep]]] | FOLDER [ROUNDS [sweep]]     a planner's questions, warm beside from nothing
// dotnet run -c Release --project bench/Dispatch.Bench -- measure [SAMPLES]     samples a second that one worker folds
// dotnet run -c Release --project bench/Dispatch.Bench -- store REDIS GROUPS EDGES PREFIXES RUN     a made world in Redis, a little other with each run; see publish.sh
// dotnet run -c Release --project bench/Dispatch.Bench -- report URL SECONDS [EDGES_A_REGION [GROUPS EDGES]]     how old samples are when a table of a running service stands on them
// DISPATCH_WORLD=$PWD/data/world dotnet run -c Release --project bench/Dispatch.Bench -- --filter '*'     BenchmarkDotNet
if (args is ["lookup", ..]) return LookupComparison.Run(args.Length > 1 ? args[1] : Path.Combine("artifacts", "mmdb"));
if (args is ["model", ..]) return ModelScale.Run(args[1..]);
if (args is ["whatif", ..]) return WhatIfScale.Run(args[1..]);
if (args is ["store", ..]) return await StoredWorld.RunAsync(args[1..]);
if (args is ["report", ..]) return await ReportedSamples.RunAsync(args[1..]);
if (args is ["measure", ..]) return MeasureFolding.Run(args[1..]);
if (FlowBench.Run(args) is { } code) return code;
BenchmarkSwitcher.FromAssembly(typeof(PrefixLookup).Assembly).Run(args);
return 0;
